import type { Order } from '@shop/contracts/orders.ts';
import type { OrderStatus } from '@shop/contracts/values.ts';
import type { Transaction } from '@shop/database/connection.ts';
import { prepare, type QueryStatement } from '@shop/database/read-once.ts';
import { orderLines, orders } from '@shop/database/schema/orders.ts';
import { inside, type NamedStatement } from '@shop/database/statement.ts';
import { and, eq, getTableColumns, sql } from 'drizzle-orm';

export type OrderRow = typeof orders.$inferSelect & { items: Order['items'] };
export type Line = { productId: string; quantity: number };

/** An order with its lines in one statement, so in one round trip. */
export const orderWithLines = {
  ...getTableColumns(orders),
  items: sql<Order['items']>`(
    SELECT json_agg(json_build_object(
      'productId', line.product_id, 'slug', line.slug, 'name', line.name,
      'unitPriceCents', line.unit_price_cents, 'quantity', line.quantity,
      'lineTotalCents', line.unit_price_cents * line.quantity
    ) ORDER BY line.position)
    FROM ${orderLines} AS line WHERE line.order_id = ${orders}.id
  )`,
};

/** The order as the contract shows it. */
export function toOrder(order: OrderRow): Order {
  return {
    id: order.id,
    number: order.number,
    status: order.status,
    items: order.items,
    totalCents: order.totalCents,
    currency: 'EUR',
    placedAt: order.placedAt.toISOString(),
    updatedAt: order.updatedAt.toISOString(),
  };
}

/** An order as one statement returns it; Postgres writes the times in it as JSON. */
type JsonOrder = Omit<OrderRow, 'placedAt' | 'updatedAt'> & { placedAt: string; updatedAt: string };

const fromJson = ({ placedAt, updatedAt, ...order }: JsonOrder): OrderRow => ({
  ...order,
  placedAt: new Date(placedAt),
  updatedAt: new Date(updatedAt),
});

const jsonColumns = `id, number, customer_id AS "customerId", status, total_cents AS "totalCents",
  placed_at AS "placedAt", updated_at AS "updatedAt", (
    SELECT json_agg(json_build_object(
      'productId', line.product_id, 'slug', line.slug, 'name', line.name,
      'unitPriceCents', line.unit_price_cents, 'quantity', line.quantity,
      'lineTotalCents', line.unit_price_cents * line.quantity
    ) ORDER BY line.position)
    FROM order_lines AS line WHERE line.order_id = orders.id
  ) AS items`;

const selectOwn = prepare(
  'own_order',
  `SELECT ${jsonColumns} FROM orders WHERE id = $1::uuid AND customer_id = $2::uuid`,
);

export async function findOrder(read: QueryStatement, customerId: string, id: string) {
  const [order] = await read<JsonOrder>(selectOwn, [id, customerId]);
  return order && fromJson(order);
}

/** The order, its row locked until the end of the transaction: every change of a status takes this lock. */
export async function lockOrder(tx: Transaction, customerId: string, id: string) {
  const [order] = await tx
    .select(orderWithLines)
    .from(orders)
    .where(and(eq(orders.id, id), eq(orders.customerId, customerId)))
    .for('no key update');
  return order;
}

/** One row, also for an empty page. Two statements, because one for both would use no index. */
const selectPage = (name: string, olderThanMark: string) =>
  prepare(
    name,
    `SELECT coalesce(json_agg(page ORDER BY page."placedAt" DESC, page.id DESC), '[]') AS orders FROM (
       SELECT ${jsonColumns} FROM orders WHERE customer_id = $1::uuid ${olderThanMark}
       ORDER BY placed_at DESC, id DESC LIMIT $2::int
     ) AS page`,
  );
const selectFirst = selectPage('own_orders', '');
const selectNext = selectPage(
  'own_orders_before',
  'AND (placed_at, id) < (SELECT mark.placed_at, mark.id FROM orders AS mark WHERE mark.id = $3::uuid)',
);

/** Newest first, in the order of the time that is shown. @param before the id of the last order of the page before */
export async function listOrders(read: QueryStatement, customerId: string, limit: number, before?: string) {
  const [page] = before
    ? await read<{ orders: JsonOrder[] }>(selectNext, [customerId, limit, before])
    : await read<{ orders: JsonOrder[] }>(selectFirst, [customerId, limit]);
  return (page?.orders ?? []).map(fromJson);
}

/** Orders that come after this one in a list, newest first. The time of an order never changes. */
export const olderOrders = (id: string) =>
  sql`(${orders.placedAt}, ${orders.id}) < (SELECT mark.placed_at, mark.id FROM ${orders} AS mark WHERE mark.id = ${id}::uuid)`;

type NewOrder = { id: string; customerId: string; totalCents: number; lines: Line[] };

const insertWithLines: NamedStatement = {
  name: 'insert_order',
  text: `WITH lines AS (
      INSERT INTO order_lines (order_id, position, product_id, slug, name, unit_price_cents, quantity)
      SELECT $1::uuid, wanted.position, product.id, product.slug, product.name, product.price_cents, wanted.quantity
      FROM unnest($4::uuid[], $5::int[]) WITH ORDINALITY AS wanted (product_id, quantity, position)
      JOIN products AS product ON product.id = wanted.product_id
    )
    INSERT INTO orders (id, customer_id, total_cents) VALUES ($1::uuid, $2::uuid, $3::int)
    RETURNING id, number, customer_id AS "customerId", status, total_cents AS "totalCents",
      placed_at AS "placedAt", updated_at AS "updatedAt"`,
};

/**
 * Writes an order and its lines in one statement. A line copies name, slug and present price of its product, which the
 * caller has locked.
 */
export async function insertOrder(tx: Transaction, { id, customerId, totalCents, lines }: NewOrder) {
  const [row] = await inside(tx)<typeof orders.$inferSelect>(insertWithLines, [
    id,
    customerId,
    totalCents,
    lines.map(({ productId }) => productId),
    lines.map(({ quantity }) => quantity),
  ]);
  if (!row) throw new Error('the order was not written');
  return row;
}

export async function setStatus(tx: Transaction, id: string, status: OrderStatus) {
  const [row] = await tx
    .update(orders)
    .set({ status, updatedAt: sql`now()` })
    .where(eq(orders.id, id))
    .returning({ status: orders.status, updatedAt: orders.updatedAt });
  if (!row) throw new Error('the order is gone');
  return row;
}
