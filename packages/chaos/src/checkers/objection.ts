import type { History, Operation } from '../workload/history.ts';

/** A promise that was seen broken: the first counterexample, and what the history knows of it. */
export class Objection extends Error {
  constructor(promise: string, counterexample: string, history?: History, about: Operation[] = []) {
    const itsHistory = history && about.length > 0 ? `\nits history:\n${history.describe(about, 20)}` : '';
    const whole = history?.path ? ` (whole history: ${history.path})` : '';
    super(`${promise}: ${counterexample}${whole}${itsHistory}`);
    this.name = 'Objection';
  }
}

/** What a checker looked at. */
export type Counts = Record<string, number>;

/** What was looked at, in words. */
export const told = (counts: Counts) =>
  Object.entries(counts)
    .map(([what, count]) => `${count} ${what}`)
    .join(', ');

/**
 * Prints what a checker looked at.
 * @throws Objection when it looked at nothing: then it has proved nothing.
 */
export function looked(promise: string, counts: Counts, needed = Object.keys(counts)): Counts {
  const missing = needed.find((what) => !counts[what]);
  if (missing) throw new Objection(promise, `nothing to look at, no ${missing} (${told(counts)})`);
  console.log(`  ✔ ${promise}: ${told(counts)}`);
  return counts;
}
