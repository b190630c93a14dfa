import type { CategoryList, Product, Sort } from '@shop/contracts/catalog.ts';
import type { Transaction } from '@shop/database/connection.ts';
import { prepare, type ReplicaReader } from '@shop/database/replica.ts';
import { categories, products } from '@shop/database/schema/products.ts';
import { and, asc, count, desc, eq, gt, gte, lte, type SQL, sql } from 'drizzle-orm';

/** A product as the shop keeps it; an inactive one is shown to nobody but whoever has it in the cart. */
export type CatalogProduct = Product & { active: boolean };

export type ProductSelection = {
  category?: string;
  /** The text of a `tsquery`; required for `relevance`. */
  search?: string;
  minPriceCents?: number;
  maxPriceCents?: number;
  minRating?: number;
  inStock?: boolean;
  sort: Sort;
  /** Sort value and id of the last product of the page before. */
  after?: [value: string, id: string];
  limit: number;
};

type ProductRow = typeof products.$inferSelect;
/** The time is a string when the row came as JSON. */
type VisibleRow = Omit<ProductRow, 'search' | 'ratingSort' | 'updatedAt' | 'createdAt'> & {
  createdAt: Date | string;
};

export function toCatalogProduct(row: VisibleRow): CatalogProduct {
  const { ratingSum, createdAt, ...fields } = row;
  return {
    ...fields,
    currency: 'EUR',
    rating: row.reviewCount === 0 ? null : Math.round((ratingSum * 10) / row.reviewCount) / 10,
    createdAt: new Date(createdAt).toISOString(),
  };
}

/** Everything but what only Postgres needs. */
export const productColumns = {
  id: products.id,
  slug: products.slug,
  name: products.name,
  description: products.description,
  category: products.category,
  priceCents: products.priceCents,
  stock: products.stock,
  active: products.active,
  imageUrl: products.imageUrl,
  images: products.images,
  ratingSum: products.ratingSum,
  reviewCount: products.reviewCount,
  createdAt: products.createdAt,
};

const columns = `id, slug, name, description, category, price_cents AS "priceCents", stock, active,
  image_url AS "imageUrl", images, rating_sum AS "ratingSum", review_count AS "reviewCount", created_at AS "createdAt"`;
const selectById = prepare('products_by_id', `SELECT ${columns} FROM products WHERE id = ANY ($1)`);
const selectBySlug = prepare('product_by_slug', `SELECT ${columns} FROM products WHERE slug = $1`);

/** In no particular order; an unknown id is left out. */
export async function findProducts(reader: ReplicaReader, ids: string[]): Promise<CatalogProduct[]> {
  return (await reader.query<VisibleRow>(selectById, [ids])).map(toCatalogProduct);
}

/** What most requests come to: no query is built, none is parsed. */
export async function findProductBySlug(
  reader: ReplicaReader,
  slug: string,
): Promise<CatalogProduct | undefined> {
  const [row] = await reader.query<VisibleRow>(selectBySlug, [slug]);
  return row && toCatalogProduct(row);
}

/** All categories in the shop's order, with how many products can be seen in each. */
export async function findCategories(tx: Transaction): Promise<CategoryList['items']> {
  return await tx
    .select({
      id: categories.id,
      name: categories.name,
      imageUrl: categories.imageUrl,
      productCount: count(products.id),
    })
    .from(categories)
    .leftJoin(products, and(eq(products.category, categories.id), eq(products.active, true)))
    .groupBy(categories.id)
    .orderBy(asc(categories.position), asc(categories.id));
}

/** A sitemap has 50,000 addresses at most; a shop with more products than this shows the newest. */
const maxProductsInSitemap = 49_000;

export async function findSitemapPages(tx: Transaction) {
  const [categoryRows, productRows] = await Promise.all([
    tx.select({ id: categories.id }).from(categories).orderBy(asc(categories.position), asc(categories.id)),
    tx
      .select({ slug: products.slug, updatedAt: products.updatedAt })
      .from(products)
      .where(eq(products.active, true))
      .orderBy(desc(products.createdAt), desc(products.id))
      .limit(maxProductsInSitemap),
  ]);
  return { categories: categoryRows, products: productRows };
}

/**
 * Ids of active products in a total order: the id breaks every tie, so keyset pagination neither repeats nor skips.
 * `value` is the sort value as text that Postgres reads back exactly.
 */
export async function findProductIds(
  tx: Transaction,
  selection: ProductSelection,
): Promise<{ id: string; value: string }[]> {
  const { search, sort, after, limit } = selection;
  const { by, type, direction } = orderOf(sort, search);
  const then = direction === 'asc' ? sql.raw('>') : sql.raw('<');
  return await tx
    .select({ id: products.id, value: sql<string>`(${by})::text` })
    .from(products)
    .where(
      and(
        ...conditionsOf(selection),
        after && sql`(${by}, ${products.id}) ${then} (${after[0]}::${type}, ${after[1]}::uuid)`,
      ),
    )
    .orderBy(...(direction === 'asc' ? [asc(by), asc(products.id)] : [desc(by), desc(products.id)]))
    .limit(limit);
}

function conditionsOf(selection: ProductSelection): SQL[] {
  const { category, search, minPriceCents, maxPriceCents, minRating, inStock } = selection;
  const conditions = [eq(products.active, true)];
  if (category !== undefined) conditions.push(eq(products.category, category));
  if (search !== undefined) conditions.push(sql`${products.search} @@ ${tsquery(search)}`);
  if (minPriceCents !== undefined) conditions.push(gte(products.priceCents, minPriceCents));
  if (maxPriceCents !== undefined) conditions.push(lte(products.priceCents, maxPriceCents));
  // What is shown is rounded to tenths: 3.95 counts as 4.
  if (minRating !== undefined) conditions.push(gte(products.ratingSort, minRating * 1_000 - 50));
  if (inStock) conditions.push(gt(products.stock, 0));
  return conditions;
}

type Order = { by: SQL; type: SQL; direction: 'asc' | 'desc' };

function orderOf(sort: Sort, search: string | undefined): Order {
  if (sort === 'relevance' && search !== undefined) {
    return { by: sql`ts_rank(${products.search}, ${tsquery(search)})`, type: sql`real`, direction: 'desc' };
  }
  return orders[sort];
}

const newest: Order = { by: sql`${products.createdAt}`, type: sql`timestamptz`, direction: 'desc' };
const orders: Record<Sort, Order> = {
  newest,
  // Nothing is more relevant than anything else without a search.
  relevance: newest,
  'price-asc': { by: sql`${products.priceCents}`, type: sql`integer`, direction: 'asc' },
  'price-desc': { by: sql`${products.priceCents}`, type: sql`integer`, direction: 'desc' },
  rating: { by: sql`${products.ratingSort}`, type: sql`integer`, direction: 'desc' },
  name: { by: sql`${products.name}`, type: sql`text`, direction: 'asc' },
};

/** Words of the language are stemmed and its stop words ignored, unless there is nothing else: "the" may become "thermos". */
function tsquery(search: string): SQL {
  return sql`CASE WHEN numnode(to_tsquery('english', ${search})) = 0
    THEN to_tsquery('simple', ${search}) ELSE to_tsquery('english', ${search}) END`;
}
