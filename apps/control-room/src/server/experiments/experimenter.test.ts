import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import type { Experiment } from '../../shared/experiments.ts';
import { Experimenter } from './experimenter.ts';

const lab: Experiment = { kind: 'lab', name: '05-health', says: 'How does a balancer find out?' };

/** An experiment as a test plays it. */
function played() {
  const output = new PassThrough();
  const { promise: exitCode, resolve } = Promise.withResolvers<number>();
  const state = { interrupted: 0, started: [] as string[] };
  const experimenter = new Experimenter(({ name }) => {
    state.started.push(name);
    return { lines: createInterface(output), exitCode, interrupt: () => void state.interrupted++ };
  });
  const prints = (text: string) => output.write(text);
  const ends = (code: number) => {
    output.end();
    resolve(code);
  };
  return { experimenter, state, prints, ends };
}

test('what an experiment prints is shown while it runs, without colours', async () => {
  const { experimenter, prints, ends } = played();
  expect(experimenter.news).toBeUndefined();
  const { name, strike } = experimenter.playing(lab);
  const over = strike();
  expect([name, experimenter.isBusy]).toEqual(['lab 05-health', true]);
  expect(experimenter.news).toMatchObject({ experiment: lab, state: 'running', lines: [] });
  prints('[1/3] Images\n\u001b[32m✔ a claim\u001b[39m holds\n');
  await expect.poll(() => experimenter.news?.lines).toEqual(['[1/3] Images', '✔ a claim holds']);
  ends(0);
  await over;
  expect(experimenter.news).toMatchObject({ state: 'passed', lines: ['[1/3] Images', '✔ a claim holds'] });
  expect(experimenter.isBusy).toBe(false);
});

test('one whose claim does not hold has failed, and so says the timeline', async () => {
  const { experimenter, ends } = played();
  const over = experimenter.playing(lab).strike();
  ends(1);
  await expect(over).rejects.toThrow('It did not pass: its last lines say why.');
  expect(experimenter.news?.state).toBe('failed');
});

test('one that is stopped is interrupted once, and counts as stopped when it has put everything back', async () => {
  const { experimenter, state, ends } = played();
  expect(experimenter.stop()).toBe(false);
  const over = experimenter.playing(lab).strike();
  expect([experimenter.stop(), experimenter.stop()]).toEqual([true, false]);
  expect([state.interrupted, experimenter.news?.state, experimenter.isBusy]).toEqual([1, 'stopping', true]);
  ends(1);
  await expect(over).rejects.toThrow('You stopped it.');
  expect([experimenter.news?.state, experimenter.isBusy]).toEqual(['stopped', false]);
});

test('the end of the room stops it, and waits for its end', async () => {
  const { experimenter, state, ends } = played();
  experimenter
    .playing(lab)
    .strike()
    .catch(() => {});
  let closed = false;
  const closing = experimenter.close().then(() => {
    closed = true;
  });
  await Promise.resolve();
  expect([state.interrupted, closed]).toEqual([1, false]);
  ends(1);
  await closing;
  expect(experimenter.news?.state).toBe('stopped');
});

test('only its last 200 lines are kept', async () => {
  const { experimenter, prints, ends } = played();
  const over = experimenter.playing(lab).strike();
  prints(Array.from({ length: 250 }, (_, index) => `${index}\n`).join(''));
  ends(0);
  await over;
  expect(experimenter.news?.lines).toHaveLength(200);
  expect(experimenter.news?.lines.at(-1)).toBe('249');
});
