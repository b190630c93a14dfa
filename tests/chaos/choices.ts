import { randomInt } from 'node:crypto';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { OperationKind } from './history.ts';

/** 85 % reads; the rest is what a shop is for. Shares of one. */
const mix: [OperationKind, number][] = [
  ['product', 0.34],
  ['browse', 0.17],
  ['search', 0.1],
  ['read-back', 0.1],
  ['who', 0.05],
  ['orders', 0.05],
  ['read-cart', 0.04],
  ['order', 0.08],
  ['cart', 0.04],
  ['cancel', 0.015],
  ['login', 0.01],
  ['upload', 0.005],
];

/** Everything that an operation depends on, apart from what the shop has answered so far. */
export type Choice = {
  kind: OperationKind;
  shopper: number;
  item: number;
  quantity: number;
  /** 0–1: which of the things that the shopper has by then. */
  fraction: number;
};

/** `count` seeds, no two the same: the one that was asked for and those after it, or some that nobody chose. */
export function seedsFrom(first: number | undefined, count: number): number[] {
  const from = first ?? randomInt(2 ** 31 - count);
  return Array.from({ length: count }, (_, round) => from + round);
}

/** All choices of a run, from its seed alone: the same seed gives the same shoppers doing the same in the same order. */
export class Choices {
  readonly #random;
  readonly #shoppers: number;
  readonly #popularity: number[];
  readonly #kinds: [OperationKind, number][];

  /** @param unkeyed adds a tenth of POSTs without a key, which no edge may repeat. */
  constructor(
    seed: number,
    { shoppers, items, unkeyed }: { shoppers: number; items: number; unkeyed: boolean },
  ) {
    this.#random = xoroshiro128plus(seed);
    this.#shoppers = shoppers;
    this.#popularity = zipf(items);
    this.#kinds = unkeyed ? [['unkeyed', 0.1], ...mix] : mix;
  }

  /** @param kind the kind that is wanted, which takes nothing from what is drawn later. */
  next(kind?: OperationKind): Choice {
    const drawn = this.#kinds[this.#weighted(this.#kinds.map(([, share]) => share))]?.[0] ?? 'product';
    return {
      kind: kind ?? drawn,
      shopper: uniformInt(this.#random, 0, this.#shoppers - 1),
      item: this.#weighted(this.#popularity),
      quantity: uniformInt(this.#random, 1, 3),
      fraction: uniformFloat64(this.#random),
    };
  }

  /** An index, drawn in proportion to its weight. */
  #weighted(weights: number[]): number {
    let point = uniformFloat64(this.#random) * weights.reduce((sum, weight) => sum + weight, 0);
    const index = weights.findIndex((weight) => {
      point -= weight;
      return point < 0;
    });
    return index === -1 ? weights.length - 1 : index;
  }
}

/** Zipf's law: the second most popular thing is wanted half as often as the first, the third a third as often. */
export function zipf(count: number): number[] {
  return Array.from({ length: count }, (_, rank) => 1 / (rank + 1));
}
