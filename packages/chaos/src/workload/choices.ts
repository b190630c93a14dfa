import { randomInt } from 'node:crypto';
import { type Mix, SeededRandom, zipf } from '@shop/load/choice.ts';
import type { OperationKind } from './history.ts';

/** 85 % of the operations are reads; the others change something. Shares of one. */
const usual: Mix<OperationKind> = [
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

/** Shoppers who look around; a twentieth of the operations changes something. */
const browsing: Mix<OperationKind> = [
  ['product', 0.45],
  ['browse', 0.25],
  ['search', 0.15],
  ['who', 0.05],
  ['read-cart', 0.05],
  ['cart', 0.03],
  ['order', 0.02],
];

/** Shoppers who buy: half of the operations changes something. */
const buying: Mix<OperationKind> = [
  ['product', 0.2],
  ['read-back', 0.15],
  ['orders', 0.08],
  ['read-cart', 0.07],
  ['order', 0.3],
  ['cart', 0.08],
  ['add', 0.06],
  ['cancel', 0.04],
  ['login', 0.02],
];

/** What shoppers do, by name. */
export const mixes = { usual, browsing, buying } as const;
export type MixName = keyof typeof mixes;

/** All random choices of an operation; only the shop's earlier answers influence it besides. */
export type Choice = {
  kind: OperationKind;
  shopper: number;
  item: number;
  quantity: number;
  /** 0–1: chooses among the things that the shopper has by then. */
  fraction: number;
};

/** `count` different seeds: the given one and those after it, or random ones. */
export function seedsFrom(first: number | undefined, count: number): number[] {
  const from = first ?? randomInt(2 ** 31 - count);
  return Array.from({ length: count }, (_, round) => from + round);
}

/**
 * All choices of a run follow from its seed alone: with the same seed the same shoppers do the same in the same order.
 */
export class Choices {
  readonly #random: SeededRandom;
  readonly #shoppers: number;
  readonly #popularity: number[];
  readonly #mix: Mix<OperationKind>;

  /** @param unkeyed adds a tenth of POSTs without a key, which no edge may repeat. */
  constructor(
    seed: number,
    {
      shoppers,
      items,
      unkeyed,
      mix = 'usual',
    }: { shoppers: number; items: number; unkeyed: boolean; mix?: MixName },
  ) {
    this.#random = new SeededRandom(seed);
    this.#shoppers = shoppers;
    this.#popularity = zipf(items);
    this.#mix = unkeyed ? [['unkeyed', 0.1], ...mixes[mix]] : mixes[mix];
  }

  /** @param kind the wanted kind; it does not change the later draws. */
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
