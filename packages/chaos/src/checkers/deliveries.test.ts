import { expect, test } from 'vitest';
import { judgeDeliveries } from './deliveries.ts';

const judge = (acknowledged: boolean, times: number) => () =>
  judgeDeliveries('db-1', [{ mark: 'delivery', acknowledged }], new Map([['delivery', times]]));

test('a delivery without an answer may be booked or not', () => {
  expect(judge(false, 0)).not.toThrow();
  expect(judge(false, 1)).not.toThrow();
  expect(judge(true, 1)).not.toThrow();
});

test('objects to a delivery that was booked twice, and to an answered one that is missing', () => {
  expect(judge(false, 2)).toThrow(/booked 2 times on db-1/);
  expect(judge(true, 0)).toThrow(/lost on db-1/);
});
