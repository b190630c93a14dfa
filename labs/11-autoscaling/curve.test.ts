import { expect, test } from 'vitest';
import { day, doubling } from './curve.ts';

test('a load that doubles stays, rises evenly, and stays again', () => {
  const at = (second: number) => doubling(40, { holdS: 2, riseS: 10 }, second);
  expect([0, 2, 7, 12, 24].map(at)).toEqual([40, 40, 60, 80, 80]);
});

test('a day has a fifth of its peak at night and its peak at noon', () => {
  const at = (second: number) => Math.round(day(100, 24, second));
  expect([0, 6, 12, 18, 24].map(at)).toEqual([20, 60, 100, 60, 20]);
});
