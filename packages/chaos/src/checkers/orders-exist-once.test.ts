import { expect, test } from 'vitest';
import { historyOf, ordered } from './made-up.ts';
import { judgeOrders, type OrderLine } from './orders-exist-once.ts';

const line = (orderId: string, over: Partial<OrderLine> = {}): OrderLine => ({
  orderId,
  productId: 'p1',
  quantity: 2,
  key: `key-of-${orderId}`,
  ...over,
});
const unanswered = ordered('', { outcome: 'unknown', status: 0 });
unanswered.order.key = 'doubtful';

test('passes when every acknowledged order is on every node, and counts them', () => {
  const history = historyOf([ordered('o1'), ordered('o2'), unanswered]);
  const lines = [line('o1'), line('o2'), line('o3', { key: 'doubtful' })];
  expect(judgeOrders(history, { 'db-1': lines, 'db-2': lines })).toBe(2);
});

test.each([
  ['an acknowledged order that one node has lost', [line('o1')], /o2 on db-2 is not there/],
  ['an order of another quantity', [line('o1'), line('o2', { quantity: 3 })], /o2 on db-2 is there as/],
  ['an order with a line too many', [line('o1'), line('o2'), line('o2')], /o2 on db-2 is there as/],
  [
    'a duplicate order without a key of its own',
    [line('o1'), line('o2'), line('o9', { key: '' })],
    /o9 on db-2 answers no call of the history/,
  ],
  [
    'two orders of one unanswered key',
    [line('o1'), line('o2'), line('o3', { key: 'doubtful' }), line('o4', { key: 'doubtful' })],
    /o4 on db-2 is the second one of its key/,
  ],
])('objects to %s', (_, lines, objection) => {
  const history = historyOf([ordered('o1'), ordered('o2'), unanswered]);
  const whole = [line('o1'), line('o2')];
  expect(() => judgeOrders(history, { 'db-1': whole, 'db-2': lines })).toThrow(objection);
});

test('objects to two calls that were given the same order', () => {
  const history = historyOf([ordered('o1'), ordered('o1')]);
  expect(() => judgeOrders(history, { 'db-1': [line('o1')] })).toThrow(/two calls were given order o1/);
});

test('objects to a run without an acknowledged order', () => {
  expect(() => judgeOrders(historyOf([unanswered]), { 'db-1': [] })).toThrow(/nothing to look at/);
});
