import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { dueTimes, openLoop, type Rate } from './open-loop.ts';

test('operations begin at the rate although none of them ends, and the loop waits for all at its end', async () => {
  const stop = new AbortController();
  const stalled = Promise.withResolvers<void>();
  const begun: number[] = [];
  let ended = 0;
  const loop = openLoop({
    perSecond: 100,
    signal: stop.signal,
    begin: async (index) => {
      begun.push(index);
      // The tenth begins although the nine before it still wait.
      if (begun.length === 10) stop.abort();
      await stalled.promise;
      ended += 1;
    },
  }).then(() => ended);
  while (!stop.signal.aborted) await sleep(1);
  expect(ended).toBe(0);
  stalled.resolve();
  expect(await loop).toBe(begun.length);
  expect(begun).toEqual(begun.map((_, index) => index));
});

test('a rate that doubles within ten seconds comes to one and a half times as many operations', () => {
  const inTenSeconds = (perSecond: Rate) => {
    let count = 0;
    for (const dueMs of dueTimes(perSecond)) {
      if (dueMs >= 10_000) return count;
      count += 1;
    }
  };
  expect(inTenSeconds(20)).toBe(200);
  expect(inTenSeconds((second) => 20 + 2 * second)).toBeCloseTo(300, -1);
});

test('the loop catches up after its thread was blocked', async () => {
  const stop = new AbortController();
  const startedAt = performance.now();
  let begun = 0;
  await openLoop({
    perSecond: 200,
    signal: stop.signal,
    begin: async () => {
      begun += 1;
      // Blocks this thread for twenty intervals. A loop that does not catch up stays behind by these for ever.
      if (begun === 1) while (performance.now() - startedAt < 100);
      const due = ((performance.now() - startedAt) / 1000) * 200;
      if (begun > 20 && begun >= due - 2) stop.abort();
    },
  });
  expect(begun).toBeGreaterThan(20);
});
