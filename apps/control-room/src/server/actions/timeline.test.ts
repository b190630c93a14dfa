import { expect, test } from 'vitest';
import { Timeline } from './timeline.ts';

const soon = async () => {};

test('an action is on the timeline at once, then done, and undone by its undo', async () => {
  const lines: string[] = [];
  const timeline = new Timeline((line) => lines.push(line));
  const did: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const first = timeline.begin({
    name: 'SIGKILL shop-api-1',
    strike: () => promise,
    undo: async () => void did.push('started again'),
  });
  expect(timeline.actions).toMatchObject([
    { id: 1, name: 'SIGKILL shop-api-1', outcome: 'doing', undoable: true },
  ]);
  // Not before it has happened.
  expect(timeline.undo(first.id)).toBeUndefined();
  resolve();
  await expect.poll(() => first.outcome).toBe('done');
  expect(timeline.undo(first.id)).toBe(first);
  await expect.poll(() => first.outcome).toBe('undone');
  expect(did).toEqual(['started again']);
  expect(timeline.undo(first.id)).toBeUndefined();
  expect(lines).toEqual(['SIGKILL shop-api-1: done', 'SIGKILL shop-api-1: undone']);
});

test('what fails says why; an undo that failed can be tried again', async () => {
  const timeline = new Timeline();
  const refused = timeline.begin({ name: 'a', strike: () => Promise.reject(new Error('is not running')) });
  await expect.poll(() => refused.outcome).toBe('failed');
  expect(refused).toMatchObject({ error: 'is not running', undoable: false });

  let tries = 0;
  const undo = async () => {
    if (++tries === 1) throw new Error('the engine is away');
  };
  const second = timeline.begin({ name: 'b', strike: soon, undo });
  await expect.poll(() => second.outcome).toBe('done');
  timeline.undo(second.id);
  await expect.poll(() => second.error).toBe('the engine is away');
  expect(second.outcome).toBe('done');
  timeline.undo(second.id);
  await expect.poll(() => second.outcome).toBe('undone');
  expect(second.error).toBeUndefined();
});

test('what has no undo, and what is not there, cannot be undone; the newest action is first', async () => {
  const timeline = new Timeline();
  const action = timeline.begin({ name: 'restart', strike: soon });
  await expect.poll(() => action.outcome).toBe('done');
  expect(timeline.undo(action.id)).toBeUndefined();
  expect(timeline.undo(99)).toBeUndefined();
  timeline.begin({ name: 'newer', strike: soon });
  expect(timeline.actions.map(({ name }) => name)).toEqual(['newer', 'restart']);
});
