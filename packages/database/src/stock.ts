import { asc, sql } from 'drizzle-orm';
import { v7 as uuid } from 'uuid';
import type { Transaction } from './connection.ts';
import { products } from './schema/products.ts';
import { stockChanges } from './schema/stock-changes.ts';

export type StockChange = { productId: string; delta: number };

/**
 * `inside`: the update that takes the stock also checks it. `before` is a broken variant for a test: it trusts a value
 * that was read some statements ago, and locks nothing meanwhile.
 */
export type StockCheck = 'inside' | 'before';

/**
 * Locks products for a change of their stock, always in the order of their ids: two transactions that lock the same
 * products in different orders would deadlock. `NO KEY`, so that rows that only refer to a product (order lines,
 * reviews) need not wait.
 */
export async function lockProducts(tx: Transaction, ids: string[], check: StockCheck = 'inside') {
  const read = tx
    .select({
      id: products.id,
      slug: products.slug,
      name: products.name,
      priceCents: products.priceCents,
      stock: products.stock,
      active: products.active,
    })
    .from(products)
    .where(sql`${products.id} = ANY (${sql.param(ids)}::uuid[])`)
    .orderBy(asc(products.id));
  return await (check === 'inside' ? read.for('no key update') : read);
}

/** Why stock changes, and for which order. `check` is `before` only in a broken variant. */
export type StockCause = { reason: string; orderId?: string | null; check?: StockCheck };

/**
 * Changes stock and records each change, in one statement. The check is inside the update, so no caller can take more
 * than there is. Lock more than one product with `lockProducts` first. The time of a record is from after the wait for
 * the row, so the records of a product are a chain in the order of their times.
 *
 * @returns how many products were changed: fewer than asked for means that one of them was short.
 */
export async function changeStock(
  tx: Transaction,
  changes: StockChange[],
  { reason, orderId = null, check = 'inside' }: StockCause,
): Promise<number> {
  const wanted = sql`unnest(
    ${sql.param(changes.map(() => uuid()))}::uuid[],
    ${sql.param(changes.map(({ productId }) => productId))}::uuid[],
    ${sql.param(changes.map(({ delta }) => delta))}::int[]
  ) AS wanted (id, product_id, delta)`;
  // Postgres reads a row again after it has waited for its lock; a row that is only joined is not read again.
  const [current, from] =
    check === 'inside'
      ? [sql`${products}.stock`, wanted]
      : [sql`seen.stock`, sql`${wanted} JOIN ${products} AS seen ON seen.id = wanted.product_id`];
  const written = await tx.execute(sql`
    WITH changed AS (
      UPDATE ${products} SET stock = ${current} + wanted.delta
      FROM ${from}
      WHERE ${products.id} = wanted.product_id AND ${current} + wanted.delta >= 0
      RETURNING wanted.id, wanted.product_id, wanted.delta, ${products}.stock
    )
    INSERT INTO ${stockChanges} (id, product_id, delta, reason, order_id, stock_after, created_at)
    SELECT id, product_id, delta, ${reason}, ${orderId}::uuid, stock, clock_timestamp() FROM changed`);
  return written.rowCount ?? 0;
}
