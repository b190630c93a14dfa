import { expect, test } from 'vitest';
import { judgeDeliveries } from './deliveries.ts';

const judge = (acknowledged: boolean, times: number) => () =>
  judgeDeliveries('db-1', [{ mark: 'delivery', acknowledged }], new Map([['delivery', times]]));

test('what was not answered may be booked or not', () => {
  expect(judge(false, 0)).not.toThrow();
  expect(judge(false, 1)).not.toThrow();
  expect(judge(true, 1)).not.toThrow();
});

test('nothing is booked twice, and nothing that was answered is lost', () => {
  expect(judge(false, 2)).toThrow(/booked 2 times on db-1/);
  expect(judge(true, 0)).toThrow(/lost on db-1/);
});
