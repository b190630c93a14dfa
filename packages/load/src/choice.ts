import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Kinds of operations and their shares; the shares need not add up to one. */
export type Mix<Kind> = readonly (readonly [kind: Kind, share: number])[];

/** A source of random numbers: the same seed gives the same numbers in the same order. */
export class SeededRandom {
  readonly #generator;

  constructor(seed: number) {
    this.#generator = xoroshiro128plus(seed);
  }

  /** A whole number from `from` to `to`, both included. */
  integer(from: number, to: number): number {
    return uniformInt(this.#generator, from, to);
  }

  /** A number from 0 to 1, without 1. */
  fraction(): number {
    return uniformFloat64(this.#generator);
  }

  /** An index, drawn in proportion to its weight. */
  weighted(weights: readonly number[]): number {
    let point = this.fraction() * weights.reduce((sum, weight) => sum + weight, 0);
    const index = weights.findIndex((weight) => {
      point -= weight;
      return point < 0;
    });
    return index === -1 ? weights.length - 1 : index;
  }

  /** A kind of the mix, drawn in proportion to its share. */
  kind<Kind>(mix: Mix<Kind>): Kind {
    const [kind] = mix[this.weighted(mix.map(([, share]) => share))] ?? [];
    if (kind === undefined) throw new Error('the mix is empty');
    return kind;
  }
}

/** Weights by Zipf's law: the second most popular item has half the weight of the first, the third a third. */
export function zipf(count: number): number[] {
  return Array.from({ length: count }, (_, rank) => 1 / (rank + 1));
}
