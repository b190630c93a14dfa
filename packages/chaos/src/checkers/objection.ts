import { describe } from '../workload/describe.ts';
import type { History, Operation } from '../workload/history.ts';

/** A promise was broken: the first counterexample, and the operations of the history that concern it. */
export class Objection extends Error {
  readonly counterexample: string;
  readonly about: Operation[];

  constructor(promise: string, counterexample: string, history?: History, about: Operation[] = []) {
    const itsHistory = history && about.length > 0 ? `\nits history:\n${describe(history, about, 20)}` : '';
    const whole = history?.path ? ` (whole history: ${history.path})` : '';
    super(`${promise}: ${counterexample}${whole}${itsHistory}`);
    this.name = 'Objection';
    this.counterexample = counterexample;
    this.about = about;
  }
}

/** What a checker checked, with the numbers. */
export type Counts = Record<string, number>;

/** What was checked, in words. */
export const told = (counts: Counts) =>
  Object.entries(counts)
    .map(([what, count]) => `${count} ${what}`)
    .join(', ');

/** Prints what a checker checked. @throws Objection when it had nothing to check: then it has proved nothing. */
export function looked(promise: string, counts: Counts, needed = Object.keys(counts)): Counts {
  const missing = needed.find((what) => !counts[what]);
  if (missing) throw new Objection(promise, `nothing to look at, no ${missing} (${told(counts)})`);
  console.log(`  ✔ ${promise}: ${told(counts)}`);
  return counts;
}
