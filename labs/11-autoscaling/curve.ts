/** How long a load stays as it is before it doubles, and within what time it doubles. In seconds. */
export type Doubling = { holdS: number; riseS: number };

/** Requests a second at a second of a load that begins with `first` and doubles. */
export function doubling(first: number, { holdS, riseS }: Doubling, second: number): number {
  return first * (1 + Math.min(1, Math.max(0, (second - holdS) / riseS)));
}

/** Requests a second at a second of a day that begins at night and has its peak, five times as much, in its middle. */
export function day(peak: number, lengthS: number, second: number): number {
  return peak * (0.6 - 0.4 * Math.cos((2 * Math.PI * second) / lengthS));
}
