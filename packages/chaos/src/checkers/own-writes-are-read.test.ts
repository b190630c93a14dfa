import { expect, test } from 'vitest';
import type { Operation } from '../workload/history.ts';
import { historyOf, item, ordered } from './made-up.ts';
import { ownWritesAreRead } from './own-writes-are-read.ts';

type Made = Parameters<typeof historyOf>[0];
const sees = (saw: Operation['saw'], over: Partial<Operation> = {}) => ({
  kind: 'read-back' as const,
  saw,
  ...over,
});
const cart = (quantity: number, over: Partial<Operation> = {}) => ({
  kind: 'cart' as const,
  cart: { productId: 'p1', quantity },
  ...over,
});
const adds = (quantity: number, over: Partial<Operation> = {}) => ({
  kind: 'add' as const,
  added: { productId: 'p1', quantity },
  ...over,
});
const order = (id: string, status: string) => sees({ orders: [{ id, status }] }, { lookedFor: id });
const page = (...ids: string[]) =>
  sees({ page: { orders: ids.map((id) => ({ id, status: 'placed' })), isLast: true } });
const stock = (left: number) => sees({ stock: { productId: 'p1', stock: left } });
const cancels = (cancelledId: string) => ({ kind: 'cancel' as const, cancelledId });

/** One of each, so that the checker has something to look at besides what a test is about. */
const sound: Made = [
  ordered('o1'),
  order('o1', 'placed'),
  page('o1'),
  stock(98),
  cart(2),
  sees({ cart: { p1: 2 } }),
];
const judge = (operations: Made) => ownWritesAreRead(historyOf([...sound, ...operations]), [item]);

test('passes what a session has read after its writes', () => {
  expect(judge([])).toEqual({ 'orders read': 1, 'pages of orders': 1, carts: 1, 'stock levels': 1 });
});

test('accepts either of two overlapping writes to the cart, and a write that may still arrive', () => {
  const both = [cart(5, { startedAt: 1000, endedAt: 1200 }), cart(7, { startedAt: 1100, endedAt: 1150 })];
  for (const p1 of [5, 7]) judge([...both, sees({ cart: { p1 } }, { startedAt: 1300 })]);
  const late = cart(5, { startedAt: 1000, endedAt: 1100, outcome: 'unknown' });
  for (const p1 of [5, 7])
    judge([late, cart(7, { startedAt: 1200 }), sees({ cart: { p1 } }, { startedAt: 1300 })]);
});

/** The newest first, as the shop sorts; with older ones on the next page. */
const newest = (...orders: [id: string, second: number][]) =>
  sees({
    page: {
      orders: orders.map(([id, second]) => ({ id, status: 'placed', placedAt: at(second) })),
      isLast: false,
    },
  });
const at = (second: number) => `2026-01-01T00:00:0${second}.000Z`;
const orderedAt = (id: string, second: number) => {
  const { order, ...made } = ordered(id);
  return { ...made, order: { ...order, placedAt: at(second) } };
};

test('accepts the sum of additions, with or without an addition that had no answer', () => {
  judge([adds(3), adds(1), sees({ cart: { p1: 6 } })]);
  const unknown = adds(3, { outcome: 'unknown' });
  for (const p1 of [2, 5]) judge([unknown, sees({ cart: { p1 } })]);
});

test('an order on an older page need not be on this one, also where the later id was placed first', () => {
  judge([orderedAt('o9', 1), newest(['o8', 3], ['o7', 2])]);
});

test('does not require another session to see it', () => {
  judge([
    { ...stock(100), session: 'shopper-2' },
    { ...page(), session: 'shopper-2' },
  ]);
});

test.each<[string, Made, RegExp]>([
  [
    'an order that was acknowledged and is not found',
    [ordered('o2'), { kind: 'read-back', lookedFor: 'o2', status: 404, outcome: 'failed' }],
    /o2 was not found/,
  ],
  ['an order that is missing from the list', [ordered('o2'), page('o1')], /o2 is missing from the list/],
  [
    'an order that is missing from a page of newer and older ones',
    [orderedAt('o6', 3), newest(['o8', 4], ['o7', 2])],
    /o6 is missing from the list/,
  ],
  ['a cancelled order shown as paid', [cancels('o1'), order('o1', 'paid')], /shown as paid/],
  ['a cancelled order listed as placed', [cancels('o1'), page('o1')], /listed as placed/],
  ['a cart of before', [cart(5), sees({ cart: { p1: 2 } })], /has 2 of p1, which no order/],
  ['an emptied cart', [cart(5), sees({ cart: {} })], /has 0 of p1, which no order/],
  ['an addition that is lost', [adds(3), sees({ cart: { p1: 2 } })], /has 2 of p1, which no order/],
  ['an addition that counts twice', [adds(3), sees({ cart: { p1: 8 } })], /has 8 of p1, which no order/],
  ['stock of before the order', [stock(99)], /shows 99 in stock, at most 98/],
])('objects to %s', (_, operations, objection) => {
  expect(() => judge(operations)).toThrow(objection);
});

test('objects when nothing was read', () => {
  expect(() => ownWritesAreRead(historyOf([ordered('o1')]), [item])).toThrow(/nothing to look at/);
});
