import { describe, expect, it } from 'vitest';
import { backoffMs } from './queues.ts';

describe('backoffMs', () => {
  it('doubles from 200 ms and stops at 10 s, however often it was tried', () => {
    for (const [attempt, longestMs] of [
      [1, 200],
      [2, 400],
      [3, 800],
      [7, 10_000],
      [1_000_000, 10_000],
    ] as const) {
      const delays = Array.from({ length: 200 }, () => backoffMs(attempt));
      expect(Math.max(...delays)).toBeLessThanOrEqual(longestMs);
      expect(Math.min(...delays)).toBeGreaterThanOrEqual(longestMs * 0.8);
    }
  });

  it('spreads the retries of jobs that failed together', () => {
    expect(new Set(Array.from({ length: 50 }, () => backoffMs(7))).size).toBeGreaterThan(10);
  });
});
