import { quantileSorted } from 'simple-statistics';

/**
 * @param sorted in ascending order. @returns the value that this share of them does not exceed; null if there is none.
 */
export function quantile(sorted: number[], share: number): number | null {
  return sorted.length === 0 ? null : quantileSorted(sorted, share);
}

/** The spread of a set of durations; null where there is none. */
export type Summary = {
  count: number;
  medianMs: number | null;
  p99Ms: number | null;
  p999Ms: number | null;
  maxMs: number | null;
};

/** @param durationsMs in any order. */
export function summaryOf(durationsMs: number[]): Summary {
  const sorted = durationsMs.toSorted((a, b) => a - b);
  return {
    count: sorted.length,
    medianMs: quantile(sorted, 0.5),
    p99Ms: quantile(sorted, 0.99),
    p999Ms: quantile(sorted, 0.999),
    maxMs: sorted.at(-1) ?? null,
  };
}

/** Milliseconds for a person: `12 ms`, `1.3 s`, and a dash for none. */
export function readable(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return '–';
  return Math.round(ms) < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}
