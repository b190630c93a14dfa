import { expect, test } from 'vitest';
import { quantile, readable, summaryOf } from './figures.ts';

test('a summary takes durations in any order, and tells of none that there is none', () => {
  const durations = Array.from({ length: 1_001 }, (_, index) => 1_000 - index);
  expect(summaryOf(durations)).toEqual({
    count: 1_001,
    medianMs: 500,
    p99Ms: 990,
    p999Ms: 999,
    maxMs: 1_000,
  });
  expect(summaryOf([])).toEqual({ count: 0, medianMs: null, p99Ms: null, p999Ms: null, maxMs: null });
  expect(quantile([], 0.5)).toBeNull();
});

test('durations change from milliseconds to seconds at one second', () => {
  expect([0.4, 999.4, 999.6, 1_249, null, undefined].map(readable)).toEqual([
    '0 ms',
    '999 ms',
    '1.0 s',
    '1.2 s',
    '–',
    '–',
  ]);
});
