import { expect, test } from 'vitest';
import { item } from './made-up.ts';
import { judgeStock, type StockRow } from './stock-conserved.ts';

const row = (over: Partial<StockRow>): StockRow => ({
  productId: 'p1',
  stock: 90,
  changes: 90,
  held: 10,
  ...over,
});

test('passes when the remaining stock and the stock in orders make the initial stock', () => {
  expect(() => judgeStock('db-1', [item], [row({})])).not.toThrow();
});

test.each([
  ['stock that was taken for no order', row({ held: 8 }), /more or less than it began with/],
  ['an order that took no stock', row({ held: 12 }), /more or less than it began with/],
  ['a change that is not written down', row({ changes: 91 }), /not the sum of its changes/],
  ['more sold than there was', row({ stock: -1, changes: -1, held: 101 }), /below zero/],
  ['a product that a node does not have', row({ productId: 'p2' }), /is not there/],
])('objects to %s', (_, found, objection) => {
  expect(() => judgeStock('db-1', [item], [found])).toThrow(objection);
});
