import { faker } from '@faker-js/faker';
import type { OrderStatus } from '@shop/contracts/values.ts';
import { v7 as uuid } from 'uuid';
import type { Row } from './copy.ts';

export type Good = {
  id: string;
  slug: string;
  name: string;
  priceCents: number;
  stock: number;
  createdAtMs: number;
};

type Payment = { status: string; capturedCents: number; refundedCents: number; reference: string };

/** A completed order. Times are RFC 3339. */
export type PastOrder = {
  id: string;
  customerId: string;
  status: OrderStatus;
  totalCents: number;
  lines: { good: Good; quantity: number }[];
  payment: Payment;
  placedAt: string;
  updatedAt: string;
};

type Slice = { from: number; until: number };
const dayMs = 24 * 3_600_000;

/**
 * `count` orders spread over a slice of time, oldest first.
 *
 * @param goods oldest first: an order has only products that existed then, and older products sell best.
 */
export function pastOrders(
  count: number,
  { slice, now }: { slice: Slice; now: number },
  { shoppers, goods }: { shoppers: string[]; goods: Good[] },
): PastOrder[] {
  const listed = goods.filter(({ createdAtMs }) => createdAtMs <= slice.from).length || goods.length;
  const stepMs = (slice.until - slice.from) / count;
  return Array.from({ length: count }, (_, index) => {
    const placedAt = Math.floor(slice.from + (index + faker.number.float()) * stepMs);
    const lines = linesOf(() => goods[Math.floor(listed * faker.number.float() ** 2)]!);
    const totalCents = lines.reduce((sum, { good, quantity }) => sum + good.priceCents * quantity, 0);
    const status = statusAt(now - placedAt);
    const updatedAt = Math.min(placedAt + faker.number.int({ min: 2_000, max: 2 * dayMs }), now);
    return {
      id: uuid({ msecs: placedAt }),
      customerId: faker.helpers.arrayElement(shoppers),
      status,
      totalCents,
      lines,
      payment: paymentOf(status, totalCents),
      placedAt: new Date(placedAt).toISOString(),
      updatedAt: new Date(updatedAt).toISOString(),
    };
  });
}

/** One to four different products, once to three times each. */
function linesOf(draw: () => Good): PastOrder['lines'] {
  const wanted = faker.helpers.weightedArrayElement([
    { value: 1, weight: 45 },
    { value: 2, weight: 30 },
    { value: 3, weight: 15 },
    { value: 4, weight: 10 },
  ]);
  const goods = new Set(Array.from({ length: wanted }, draw));
  return [...goods].map((good) => ({ good, quantity: faker.number.int({ min: 1, max: 3 }) }));
}

/** An order of the last days may not be shipped yet. */
function statusAt(ageMs: number): OrderStatus {
  const arrived = ageMs > 3 * dayMs || faker.datatype.boolean();
  return faker.helpers.weightedArrayElement([
    { value: arrived ? 'shipped' : 'paid', weight: 92 },
    { value: 'cancelled', weight: 5 },
    { value: 'payment-failed', weight: 3 },
  ]);
}

/** In every final state captured − refunded is the total for `paid` and `shipped`, and 0 for the other two. */
function paymentOf(status: OrderStatus, totalCents: number): Payment {
  const reference = `pay_${uuid().replaceAll('-', '')}`;
  if (status === 'payment-failed')
    return { status: 'declined', capturedCents: 0, refundedCents: 0, reference };
  if (status === 'cancelled')
    return { status: 'refunded', capturedCents: totalCents, refundedCents: totalCents, reference };
  return { status: 'captured', capturedCents: totalCents, refundedCents: 0, reference };
}

/** A change of a product's stock; `at` is in milliseconds. */
type Change = { good: Good; delta: number; reason: string; orderId: string | null; at: number };

/**
 * The changes of stock of the orders, as rows of `stock_changes`. The quantity that the orders take is delivered at the
 * start of the slice; what came back is written off at its end. So the stock is the same before and after and never
 * negative in between, and no product's row is changed while shoppers order it.
 */
export function* stockHistory(orders: PastOrder[], goods: Good[], slice: Slice): Generator<Row> {
  const changes = orders.flatMap(({ id, status, lines, placedAt, updatedAt }) =>
    lines.flatMap(({ good, quantity }) => {
      const taken = { good, delta: -quantity, reason: 'order', orderId: id, at: Date.parse(placedAt) };
      if (status !== 'cancelled' && status !== 'payment-failed') return [taken];
      const reason = status === 'cancelled' ? 'order-cancelled' : status;
      const at = Math.min(Date.parse(updatedAt), slice.until - 1);
      return [taken, { ...taken, delta: quantity, reason, at }];
    }),
  );
  const stock = new Map(goods.map(({ id, stock }) => [id, stock]));
  const row = ({ good, delta, reason, orderId, at }: Change): Row => {
    const after = stock.get(good.id)! + delta;
    stock.set(good.id, after);
    return [
      uuid({ msecs: Math.floor(at) }),
      good.id,
      delta,
      reason,
      orderId,
      after,
      new Date(at).toISOString(),
    ];
  };
  const byGood = Map.groupBy(changes, ({ good }) => good);
  const sumOf = (good: Good, counts: (delta: number) => boolean) =>
    byGood.get(good)!.reduce((sum, { delta }) => sum + (counts(delta) ? delta : 0), 0);
  for (const good of byGood.keys())
    yield row({
      good,
      delta: -sumOf(good, (delta) => delta < 0),
      reason: 'restock',
      orderId: null,
      at: slice.from,
    });
  for (const change of changes.sort((a, b) => a.at - b.at)) yield row(change);
  for (const good of byGood.keys()) {
    const returned = sumOf(good, (delta) => delta > 0);
    if (returned)
      yield row({ good, delta: -returned, reason: 'written off', orderId: null, at: slice.until });
  }
}
