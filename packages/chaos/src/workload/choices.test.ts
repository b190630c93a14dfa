import { expect, test } from 'vitest';
import { Choices, seedsFrom } from './choices.ts';
import type { OperationKind } from './history.ts';

const options = { shoppers: 12, items: 30, unkeyed: false };
const draw = (seed: number, count: number) => {
  const choices = new Choices(seed, options);
  return Array.from({ length: count }, () => choices.next());
};
const writes = new Set<OperationKind>(['order', 'cart', 'add', 'cancel', 'login', 'upload']);

test('the same seed makes the same choices, another seed others', () => {
  expect(draw(7, 200)).toEqual(draw(7, 200));
  expect(draw(7, 200)).not.toEqual(draw(8, 200));
});

test('several runs have several seeds, whether the first was chosen or not', () => {
  expect(seedsFrom(7, 3)).toEqual([7, 8, 9]);
  expect(new Set(seedsFrom(undefined, 5)).size).toBe(5);
});

test('a wanted kind does not change the later draws', () => {
  const choices = new Choices(7, options);
  choices.next('order');
  expect(choices.next()).toEqual(draw(7, 2)[1]);
});

test('85 % of the operations are reads, and every kind comes up', () => {
  const kinds = draw(1, 20_000).map(({ kind }) => kind);
  const reads = kinds.filter((kind) => !writes.has(kind)).length / kinds.length;
  expect(reads).toBeGreaterThan(0.84);
  expect(reads).toBeLessThan(0.86);
  expect(new Set(kinds).size).toBe(13);
});

test('popularity follows Zipf: the first is wanted twice as often as the second', () => {
  const items = draw(1, 20_000).map(({ item }) => item);
  const count = (item: number) => items.filter((other) => other === item).length;
  expect(count(0) / count(1)).toBeGreaterThan(1.8);
  expect(count(0) / count(1)).toBeLessThan(2.2);
  expect(count(29)).toBeGreaterThan(0);
});
