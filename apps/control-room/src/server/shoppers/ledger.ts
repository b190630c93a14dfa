import { type Counterexample, violations } from '../../shared/shoppers.ts';
import type { Violation } from './judged.ts';

type Kind = Violation['kind'];

/** Enough for a person; a broken build has thousands. */
const toldOfEach = 2;

/** Every violation counts once, however often it is found; the first of each kind are kept in words. */
export class Ledger {
  readonly #known: Record<Kind, Set<string>> = {
    lost: new Set(),
    doubled: new Set(),
    staleReads: new Set(),
    lostLogins: new Set(),
  };
  readonly #told: Counterexample[] = [];

  /** @param round tells apart rounds whose operations have the same numbers. */
  add(round: number, { about, ...words }: Violation): void {
    const known = this.#known[words.kind];
    const name = `${round} ${about}`;
    if (known.has(name)) return;
    known.add(name);
    if (known.size <= toldOfEach) this.#told.push({ ...words, at: Date.now() });
  }

  get counts(): Record<Kind, number> {
    return Object.fromEntries(violations.map((kind) => [kind, this.#known[kind].size])) as Record<
      Kind,
      number
    >;
  }

  /** In the order in which they were found. */
  get counterexamples(): Counterexample[] {
    return this.#told;
  }
}
