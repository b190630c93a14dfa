import type { CategoryList, Product } from '@shop/contracts/catalog.ts';
import type { Transaction } from '@shop/database/connection.ts';
import { prepare } from '@shop/database/read-once.ts';
import type { ReplicaReader } from '@shop/database/replica.ts';
import { categories, products } from '@shop/database/schema/products.ts';
import { and, asc, count, desc, eq } from 'drizzle-orm';

/** A product as the shop keeps it; an inactive one is shown only to sessions that have it in the cart. */
export type CatalogProduct = Product & { active: boolean };

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
