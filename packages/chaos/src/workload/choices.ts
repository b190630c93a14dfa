import { randomInt } from 'node:crypto';
import { type Mix, SeededRandom, zipf } from '@shop/load/choice.ts';
import type { OperationKind } from './history.ts';

/** 85 % reads; the rest is what a shop is for. Shares of one. */
const mix: Mix<OperationKind> = [
  ['product', 0.34],
  ['browse', 0.17],
  ['search', 0.1],
  ['read-back', 0.1],
  ['who', 0.05],
  ['orders', 0.05],
  ['read-cart', 0.04],
  ['order', 0.08],
  ['cart', 0.02],
  ['add', 0.02],
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

/** `count` seeds, no two the same: the one that was asked for and those after it, or random ones. */
export function seedsFrom(first: number | undefined, count: number): number[] {
  const from = first ?? randomInt(2 ** 31 - count);
  return Array.from({ length: count }, (_, round) => from + round);
}

/** All choices of a run, from its seed alone: the same seed gives the same shoppers doing the same in the same order. */
export class Choices {
  readonly #random: SeededRandom;
  readonly #shoppers: number;
  readonly #popularity: number[];
  readonly #mix: Mix<OperationKind>;

  /** @param unkeyed adds a tenth of POSTs without a key, which no edge may repeat. */
  constructor(
    seed: number,
    { shoppers, items, unkeyed }: { shoppers: number; items: number; unkeyed: boolean },
  ) {
    this.#random = new SeededRandom(seed);
    this.#shoppers = shoppers;
    this.#popularity = zipf(items);
    this.#mix = unkeyed ? [['unkeyed', 0.1], ...mix] : mix;
  }

  /** @param kind the kind that is wanted, which takes nothing from what is drawn later. */
  next(kind?: OperationKind): Choice {
    const drawn = this.#random.kind(this.#mix);
    return {
      kind: kind ?? drawn,
      shopper: this.#random.integer(0, this.#shoppers - 1),
      item: this.#random.weighted(this.#popularity),
      quantity: this.#random.integer(1, 3),
      fraction: this.#random.fraction(),
    };
  }
}
