import type pg from 'pg';
import type { Databases, OnProgress } from './bulk-catalog.ts';
import { withPrimary } from './connect.ts';
import { copyRows } from './copy.ts';
import { loadOnce } from './load-once.ts';
import { type Good, type PastOrder, pastOrders, stockHistory } from './past-orders.ts';
import { seededDomain } from './reviewers.ts';

const batchSize = 5_000;
const yearMs = 365 * 24 * 3_600_000;

/**
 * Loads a year of completed orders: paid, shipped, cancelled or refused. None is `placed`, because a worker would still
 * have to work on it. So none has an outbox row, and no mail is sent. Every batch is one slice of the year with
 * everything that belongs to it: orders, lines, payments on both sides, changes of stock.
 *
 * @throws Error when there is no customer or nothing to buy.
 */
export async function loadOrders(
  databases: Databases,
  count: number,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<void> {
  const { shopUrl, paymentsUrl, password } = databases;
  const { shoppers, goods } = await withPrimary(shopUrl, password, readMarket);
  if (shoppers.length === 0) throw new Error('There is no seeded customer yet: add some with --customers.');
  if (goods.length === 0) throw new Error('There is nothing to buy yet: add products with --products.');
  const now = Date.now();
  const batches = Math.ceil(count / batchSize);
  for (let batch = 0; batch < batches && !signal.aborted; batch += 1) {
    const size = Math.min(batchSize, count - batch * batchSize);
    const slice = {
      from: now - yearMs + (batch * yearMs) / batches,
      until: now - yearMs + ((batch + 1) * yearMs) / batches,
    };
    const orders = pastOrders(size, { slice, now }, { shoppers, goods });
    // The provider's rows first: if the load is interrupted in between, the shop's own records stay consistent.
    const id = orders[0]!.id;
    await loadOnce(
      { url: paymentsUrl, password, first: { table: 'payments', column: 'order_id', id } },
      (client) => loadProviderPayments(client, orders),
    );
    await loadOnce({ url: shopUrl, password, first: { table: 'orders', column: 'id', id } }, (client) =>
      loadBatch(client, orders, goods, slice),
    );
    onProgress(size);
  }
}

async function readMarket(client: pg.Client): Promise<{ shoppers: string[]; goods: Good[] }> {
  // As many as easily fit into memory; another run chooses others.
  const customers = await client.query<{ id: string }>(
    'SELECT id FROM customers WHERE email LIKE $1 ORDER BY random() LIMIT 100000',
    [`%@${seededDomain}`],
  );
  const products = await client.query<Good>(
    `SELECT id, slug, name, price_cents AS "priceCents", stock, extract(epoch FROM created_at)::float * 1000 AS "createdAtMs"
     FROM products WHERE active ORDER BY created_at, id`,
  );
  return { shoppers: customers.rows.map(({ id }) => id), goods: products.rows };
}

async function loadProviderPayments(client: pg.Client, orders: PastOrder[]): Promise<void> {
  await copyRows(
    client,
    `payments (order_id, status, captured_cents, refunded_cents, reference, capture_attempts, refund_attempts,
      created_at, updated_at)`,
    orders.map(({ id, payment, placedAt, updatedAt }) => [
      ...[id, payment.status, payment.capturedCents, payment.refundedCents, payment.reference, 1],
      ...[payment.refundedCents ? 1 : 0, placedAt, updatedAt],
    ]),
  );
}

/** The rows of a batch in the shop's database. */
async function loadBatch(
  client: pg.Client,
  orders: PastOrder[],
  goods: Good[],
  slice: { from: number; until: number },
): Promise<void> {
  const { rows: numbers } = await client.query<{ number: string }>(
    "SELECT nextval('order_numbers')::text AS number FROM generate_series(1, $1)",
    [orders.length],
  );
  await copyRows(
    client,
    'orders (id, number, customer_id, status, total_cents, placed_at, updated_at)',
    orders.map((o, index) => [
      ...[o.id, numbers[index]!.number, o.customerId, o.status, o.totalCents, o.placedAt, o.updatedAt],
    ]),
  );
  await copyRows(
    client,
    'order_lines (order_id, position, product_id, slug, name, unit_price_cents, quantity)',
    orders.flatMap(({ id, lines }) =>
      lines.map(({ good, quantity }, index) => [
        ...[id, index + 1, good.id, good.slug, good.name, good.priceCents, quantity],
      ]),
    ),
  );
  await copyRows(
    client,
    `payments (order_id, captured_cents, refunded_cents, reference, failure_reason, captured_at, refunded_at)`,
    orders.map(({ id, payment, updatedAt, placedAt }) => [
      ...[id, payment.capturedCents, payment.refundedCents, payment.reference],
      payment.status === 'declined' ? 'declined' : null,
      payment.capturedCents ? placedAt : null,
      payment.refundedCents ? updatedAt : null,
    ]),
  );
  await copyRows(
    client,
    'stock_changes (id, product_id, delta, reason, order_id, stock_after, created_at)',
    stockHistory(orders, goods, slice),
  );
}
