import { expect, test } from 'vitest';
import { fitScalability, type Point } from './scalability.ts';

const law = (contention: number, coherency: number): Point[] =>
  [1, 2, 3, 5].map((n) => ({
    boxes: n,
    perSecond: (n * 100) / (1 + contention * (n - 1) + coherency * n * (n - 1)),
  }));

test('contention and coherency of a system that follows the law are found', () => {
  const { contention, coherency, peak } = fitScalability(law(0.05, 0.01));
  expect(contention).toBeCloseTo(0.05);
  expect(coherency).toBeCloseTo(0.01);
  expect(peak).toBeCloseTo(Math.sqrt(0.95 / 0.01));
});

test('boxes that add up have neither, and no peak', () => {
  expect(fitScalability(law(0, 0))).toEqual({ contention: 0, coherency: 0, peak: Number.POSITIVE_INFINITY });
});

test('a rate that grows faster than the boxes gives no negative contention', () => {
  const points = law(0, 0).map(({ boxes, perSecond }) => ({
    boxes,
    perSecond: perSecond * 1.01 ** (boxes - 1),
  }));
  expect(fitScalability(points)).toMatchObject({ contention: 0, coherency: 0 });
});
