import { expect, test } from 'vitest';
import { SeededRandom, zipf } from './choice.ts';

const draw = (seed: number) => {
  const random = new SeededRandom(seed);
  return Array.from({ length: 1_000 }, () =>
    random.kind([
      ['read', 3],
      ['write', 1],
    ]),
  );
};

test('the same seed draws the same kinds, another seed draws others', () => {
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
});

test('a kind comes up in proportion to its share', () => {
  const reads = draw(7).filter((kind) => kind === 'read').length;
  expect(reads).toBeGreaterThan(700);
  expect(reads).toBeLessThan(800);
});

test('an empty mix is an error', () => {
  expect(() => new SeededRandom(7).kind([])).toThrow('the mix is empty');
});

test('popularity follows Zipf: the second item weighs half as much as the first, the third a third', () => {
  expect(zipf(4)).toEqual([1, 1 / 2, 1 / 3, 1 / 4]);
});
