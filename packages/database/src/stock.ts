import { asc, inArray, sql } from 'drizzle-orm';
import { v7 as uuid } from 'uuid';
import type { Transaction } from './connection.ts';
import { products } from './schema/products.ts';
import { stockChanges } from './schema/stock-changes.ts';

export type StockChange = { productId: string; delta: number };

/**
 * Whether there is enough is decided `inside` the update that takes it. `before` is what a test runs that must object:
 * what was read some statements ago is taken for what is still there, and nothing is locked meanwhile.
 */
export type StockCheck = 'inside' | 'before';

/**
 * Locks products for a change of their stock, always in the order of their ids: two transactions that want the same
 * products in another order would wait for each other for ever.
 * `NO KEY`, so that rows that only refer to a product (order lines, reviews) need not wait.
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
    .where(inArray(products.id, ids))
    .orderBy(asc(products.id));
  return await (check === 'inside' ? read.for('no key update') : read);
}

/**
 * Changes stock and writes down each change, in one statement. The check is inside the update, so no path to it can
 * take what is not there. Lock more than one product with `lockProducts` first.
 *
 * @returns how many products were changed: fewer than asked for means that one of them was short.
 */
export async function changeStock(
  tx: Transaction,
  changes: StockChange[],
  reason: string,
  orderId: string | null = null,
  check: StockCheck = 'inside',
): Promise<number> {
  const wanted = sql`unnest(
    ${sql.param(changes.map(() => uuid()))}::uuid[],
    ${sql.param(changes.map(({ productId }) => productId))}::uuid[],
    ${sql.param(changes.map(({ delta }) => delta))}::int[]
  ) AS wanted (id, product_id, delta)`;
  // A row that was waited for is read again when its turn comes; one that was read beside it is not.
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
    INSERT INTO ${stockChanges} (id, product_id, delta, reason, order_id, stock_after)
    SELECT id, product_id, delta, ${reason}, ${orderId}::uuid, stock FROM changed`);
  return written.rowCount ?? 0;
}
