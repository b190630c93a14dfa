import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openApp } from '../testing/opened.ts';

const { promise: interrupted, resolve: interrupt } = Promise.withResolvers<number>();
const started: string[] = [];
let room: Awaited<ReturnType<typeof openApp>>;
beforeEach(async () => {
  started.length = 0;
  room = await openApp({
    start: ({ name }) => {
      started.push(name);
      return {
        lines: (async function* () {
          yield 'a line';
          await interrupted;
        })(),
        exitCode: interrupted,
        interrupt: () => interrupt(1),
      };
    },
  });
});
afterEach(() => room.app.close());

test('one of the list is started, one at a time, and stopped; both are on the timeline', async () => {
  const { call, enter, post, timeline } = room;
  const listed = await call('/experiments', { cookie: await enter() });
  expect(JSON.parse(await text(listed))).toMatchObject([{ name: '01-lab' }, { name: 'scenario' }]);
  expect((await post('/experiments/stop', {}))[0]).toBe(409);
  expect(await post('/experiments', { name: '01-lab' })).toMatchObject([202, { name: 'lab 01-lab' }]);
  expect((await post('/experiments', { name: 'scenario' }))[0]).toBe(409);
  expect((await post('/experiments/stop', {}))[0]).toBe(202);
  await expect.poll(() => timeline.actions[0]).toMatchObject({ outcome: 'failed', error: 'You stopped it.' });
  expect(started).toEqual(['01-lab']);
});

test.each([
  ['one that is not in the list', { name: '../reset' }, 404],
  ['no name', {}, 400],
])('%s is refused', async (_, body, status) => {
  expect((await room.post('/experiments', body))[0]).toBe(status);
  expect([started, room.timeline.actions]).toEqual([[], []]);
});
