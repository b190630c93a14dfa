import { v7 as uuid } from 'uuid';
import type { Transaction } from './connection.ts';
import type { products } from './schema/products.ts';
import { inside, type NamedStatement } from './statement.ts';

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
export async function lockProducts(
  tx: Transaction,
  ids: string[],
  check: StockCheck = 'inside',
): Promise<LockedProduct[]> {
  return await inside(tx)<LockedProduct>(check === 'inside' ? lockById : readById, [ids]);
}

type LockedProduct = Pick<
  typeof products.$inferSelect,
  'id' | 'slug' | 'name' | 'priceCents' | 'stock' | 'active'
>;

const selectById = `SELECT id, slug, name, price_cents AS "priceCents", stock, active
  FROM products WHERE id = ANY ($1::uuid[]) ORDER BY id`;
const readById: NamedStatement = { name: 'read_products', text: selectById };
const lockById: NamedStatement = { name: 'lock_products', text: `${selectById} FOR NO KEY UPDATE` };

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
  const written = await inside(tx)(check === 'inside' ? changeChecked : changeSeen, [
    changes.map(() => uuid()),
    changes.map(({ productId }) => productId),
    changes.map(({ delta }) => delta),
    reason,
    orderId,
  ]);
  return written.length;
}

const change = (name: string, current: string, seen = ''): NamedStatement => ({
  name,
  text: `WITH changed AS (
      UPDATE products SET stock = ${current} + wanted.delta
      FROM unnest($1::uuid[], $2::uuid[], $3::int[]) AS wanted (id, product_id, delta) ${seen}
      WHERE products.id = wanted.product_id AND ${current} + wanted.delta >= 0
      RETURNING wanted.id, wanted.product_id, wanted.delta, products.stock
    )
    INSERT INTO stock_changes (id, product_id, delta, reason, order_id, stock_after, created_at)
    SELECT id, product_id, delta, $4::text, $5::uuid, stock, clock_timestamp() FROM changed
    RETURNING 1`,
});
// Postgres reads a row again after it has waited for its lock; a row that is only joined is not read again.
const changeChecked = change('change_stock', 'products.stock');
const changeSeen = change(
  'change_stock_seen',
  'seen.stock',
  'JOIN products AS seen ON seen.id = wanted.product_id',
);
