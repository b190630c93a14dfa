import { expect, test } from 'vitest';
import { waitingAtEnd } from './easy-rate.ts';

/** A call every 10 ms for a second to one server that takes `tookMs` for each, one after the other. */
function answered(tookMs: number) {
  let free = 0;
  return Array.from({ length: 100 }, (_, index) => {
    const startedAt = index * 10;
    free = Math.max(free, startedAt) + tookMs;
    return { startedAt, endedAt: free };
  });
}

test('a server that keeps up has one call waiting at the end, one that does not has a queue', () => {
  expect(waitingAtEnd(answered(9))).toBe(1);
  expect(waitingAtEnd(answered(20))).toBe(51);
});
