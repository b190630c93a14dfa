import type { Transaction } from '@shop/database/connection.ts';
import { customers } from '@shop/database/schema/customers.ts';
import { priceChanges } from '@shop/database/schema/price-changes.ts';
import { categories, type Picture, products } from '@shop/database/schema/products.ts';
import { stockChanges } from '@shop/database/schema/stock-changes.ts';
import { and, desc, eq, inArray, type SQL, sql } from 'drizzle-orm';
import { validate as isUuid } from 'uuid';
import { type CatalogProduct, productColumns, toCatalogProduct } from '../catalog/catalog.repository.ts';
import { few, foldQuery, holds, walkInOrder } from '../catalog/query-words.ts';

type ProductValues = typeof products.$inferInsert;
export type ProductPictures = { imageUrl: string; images: Picture[] };

export async function findCategory(tx: Transaction, id: string) {
  const [category] = await tx.select().from(categories).where(eq(categories.id, id));
  return category;
}

/** @throws a unique violation of `products_slug_unique`. */
export async function insertProduct(tx: Transaction, values: ProductValues) {
  const [row] = await tx.insert(products).values(values).returning(productColumns);
  if (!row) throw new Error('the product was not written');
  return toCatalogProduct(row);
}

/** @returns undefined when there is no such product. @throws as `insertProduct`. */
export async function updateProduct(tx: Transaction, id: string, values: Partial<ProductValues>) {
  const [row] = await tx
    .update(products)
    .set({ ...values, updatedAt: sql`now()` })
    .where(eq(products.id, id))
    .returning(productColumns);
  return row && toCatalogProduct(row);
}

export async function findProduct(tx: Transaction, id: string) {
  const [row] = await tx.select(productColumns).from(products).where(eq(products.id, id));
  return row && toCatalogProduct(row);
}

export type AdminProductSelection = {
  q: string;
  active?: boolean;
  /** Time, as Postgres writes it, and id of the last product of the page before. */
  after?: [createdAt: string, id: string];
  limit: number;
};

/** `position` is the row's time, as Postgres writes it. */
export type ListedProduct = { product: CatalogProduct; position: string };

/** Newest first, products that are not for sale included. */
export async function listProducts(
  tx: Transaction,
  { q, active, after, limit }: AdminProductSelection,
): Promise<ListedProduct[]> {
  const rows = await tx
    .select({ ...productColumns, position: sql<string>`${products.createdAt}::text` })
    .from(products)
    .where(
      and(
        q === '' ? undefined : await matching(tx, q),
        active === undefined ? undefined : eq(products.active, active),
        after && sql`(${products.createdAt}, ${products.id}) < (${after[0]}::timestamptz, ${after[1]}::uuid)`,
      ),
    )
    .orderBy(desc(products.createdAt), desc(products.id))
    .limit(limit);
  return rows.map(({ position, ...row }) => ({ product: toCatalogProduct(row), position }));
}

/** What has this id; or what a shopper's search finds by these words, and what has them in its slug, also inside of it. */
async function matching(tx: Transaction, q: string): Promise<SQL> {
  if (isUuid(q)) return eq(products.id, q);
  const words = await foldQuery(tx, q);
  const found = sql`SELECT product_id AS id FROM product_search WHERE ${holds(words)}`;
  const named = sql`${words.slug} <> '' AND ${products.slug} LIKE '%' || ${words.slug} || '%'`;
  const { rows } = await tx.execute<{ id: string }>(sql`
    (${found} LIMIT ${few + 1}) UNION ALL (SELECT id FROM ${products} WHERE ${named} LIMIT ${few + 1})`);
  const ids = rows.map(({ id }) => id);
  if (ids.length <= few) return inArray(products.id, ids);
  await walkInOrder(tx);
  return sql`((${named}) OR EXISTS (${found} AND product_id = ${products.id}))`;
}

/** The caller has locked the product. The time is read now: `now()` is from before the wait for the lock. */
export async function addPriceChange(
  tx: Transaction,
  change: Omit<typeof priceChanges.$inferInsert, 'createdAt'>,
): Promise<void> {
  await tx.insert(priceChanges).values({ ...change, createdAt: sql`clock_timestamp()` });
}

/** Latest first, in the order of the time that is shown. */
export async function listPriceChanges(tx: Transaction, productId: string, limit: number, before?: string) {
  const rows = await tx
    .select({
      id: priceChanges.id,
      beforeCents: priceChanges.beforeCents,
      afterCents: priceChanges.afterCents,
      changedBy: customers.email,
      createdAt: priceChanges.createdAt,
    })
    .from(priceChanges)
    .innerJoin(customers, eq(customers.id, priceChanges.changedBy))
    .where(and(eq(priceChanges.productId, productId), before ? older(priceChanges, before) : undefined))
    .orderBy(desc(priceChanges.createdAt), desc(priceChanges.id))
    .limit(limit);
  return rows.map(({ createdAt, ...row }) => ({ ...row, createdAt: createdAt.toISOString() }));
}

/** Latest first, in the order of the time that is shown. */
export async function listStockChanges(tx: Transaction, productId: string, limit: number, before?: string) {
  const rows = await tx
    .select()
    .from(stockChanges)
    .where(and(eq(stockChanges.productId, productId), before ? older(stockChanges, before) : undefined))
    .orderBy(desc(stockChanges.createdAt), desc(stockChanges.id))
    .limit(limit);
  return rows.map(({ productId: _, createdAt, ...row }) => ({ ...row, createdAt: createdAt.toISOString() }));
}

/** Changes that come after this one in a list, latest first. The time of a change never changes. */
const older = (changes: typeof priceChanges | typeof stockChanges, id: string) =>
  sql`(${changes.createdAt}, ${changes.id}) < (SELECT mark.created_at, mark.id FROM ${changes} AS mark WHERE mark.id = ${id}::uuid)`;
