import type { Order } from '@shop/contracts/orders.ts';
import type { Transaction } from '@shop/database/connection.ts';
import { type OrderStatus, orderLines, orders } from '@shop/database/schema/orders.ts';
import { products } from '@shop/database/schema/products.ts';
import { and, desc, eq, getTableColumns, sql } from 'drizzle-orm';

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

export async function findOrder(tx: Transaction, customerId: string, id: string) {
  const [order] = await tx
    .select(orderWithLines)
    .from(orders)
    .where(and(eq(orders.id, id), eq(orders.customerId, customerId)));
  return order;
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

/** Newest first, in the order of the time that is shown. @param before the id of the last order of the page before */
export async function listOrders(tx: Transaction, customerId: string, limit: number, before?: string) {
  return await tx
    .select(orderWithLines)
    .from(orders)
    .where(and(eq(orders.customerId, customerId), before ? olderOrders(before) : undefined))
    .orderBy(desc(orders.placedAt), desc(orders.id))
    .limit(limit);
}

/** Orders that come after this one in a list, newest first. The time of an order never changes. */
export const olderOrders = (id: string) =>
  sql`(${orders.placedAt}, ${orders.id}) < (SELECT mark.placed_at, mark.id FROM ${orders} AS mark WHERE mark.id = ${id}::uuid)`;

export async function insertOrder(
  tx: Transaction,
  order: { id: string; customerId: string; totalCents: number },
) {
  const [row] = await tx.insert(orders).values(order).returning();
  if (!row) throw new Error('the order was not written');
  return row;
}

/** Copies name, slug and price of the day out of the products, which the caller has locked. */
export async function insertLines(tx: Transaction, orderId: string, lines: Line[]): Promise<void> {
  await tx.execute(sql`
    INSERT INTO ${orderLines} (order_id, position, product_id, slug, name, unit_price_cents, quantity)
    SELECT ${orderId}::uuid, wanted.position, product.id, product.slug, product.name, product.price_cents,
      wanted.quantity
    FROM unnest(
      ${sql.param(lines.map(({ productId }) => productId))}::uuid[],
      ${sql.param(lines.map(({ quantity }) => quantity))}::int[]
    ) WITH ORDINALITY AS wanted (product_id, quantity, position)
    JOIN ${products} AS product ON product.id = wanted.product_id`);
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
