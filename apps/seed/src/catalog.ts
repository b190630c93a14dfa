import {
  type CatalogProduct,
  categories as catalogCategories,
  products as catalogProducts,
  categoryPicture,
  pictureUrl,
  pictureWidths,
} from '@shop/catalog/catalog.ts';
import type { QueryBuilder } from '@shop/database/connection.ts';
import { customers } from '@shop/database/schema/customers.ts';
import { categories, type Picture, products } from '@shop/database/schema/products.ts';
import { reviews } from '@shop/database/schema/reviews.ts';
import { stockChanges } from '@shop/database/schema/stock-changes.ts';
import { sql } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import { reviewRows } from './review-rows.ts';
import { reviewerRows } from './reviewers.ts';
import { stableId } from './stable.ts';

export type SeedCounts = { categories: number; products: number; reviews: number; reviewers: number };

/**
 * Adds what the database lacks of the catalogue, in one transaction. It changes nothing that exists: not the stock, of
 * which some was sold since, not a price that the admin set, not the reviews.
 *
 * @returns how many rows were added; all 0 in a second run.
 */
export async function seedCatalog(tx: QueryBuilder): Promise<SeedCounts> {
  // Two arbitrary numbers that name this lock. Two seeds at once take turns, and the second has nothing to do.
  await tx.execute(sql`SELECT pg_advisory_xact_lock(7100, 2)`);
  const addedCategories = await insertNew(tx, categories, catalogCategories.map(categoryRow));
  const rows = new Map(catalogProducts.map((product) => [stableProductId(product), product]));
  const added = await tx
    .insert(products)
    .values([...rows].map(([id, product]) => productRow(id, product)))
    .onConflictDoNothing()
    .returning({ id: products.id });
  if (added.length === 0) return { categories: addedCategories, products: 0, reviews: 0, reviewers: 0 };

  const reviewers = await reviewerRows();
  const addedReviewers = await insertNew(tx, customers, reviewers);
  const reviewerIds = reviewers.map(({ id }) => id);
  const newProducts = added.map(({ id }) => ({ id, product: rows.get(id)! }));
  await insertNew(
    tx,
    stockChanges,
    newProducts.map(({ id, product }) => ({
      id: stableId(new Date(product.createdAt), `initial stock of ${product.slug}`),
      productId: id,
      delta: product.stock,
      reason: 'initial',
      stockAfter: product.stock,
      createdAt: new Date(product.createdAt),
    })),
  );
  const written = newProducts.flatMap(({ id, product }) => reviewRows(product, id, reviewerIds));
  const addedReviews = await insertNew(tx, reviews, written);
  await tx.execute(sql`
    UPDATE ${products} SET rating_sum = written.sum, review_count = written.count
    FROM (SELECT product_id, sum(rating), count(*) FROM ${reviews} GROUP BY product_id) AS written
    WHERE ${products.id} = written.product_id
      AND ${products.id} = ANY(${sql.param(added.map(({ id }) => id))}::uuid[])`);
  return {
    categories: addedCategories,
    products: added.length,
    reviews: addedReviews,
    reviewers: addedReviewers,
  };
}

export const stableProductId = (product: CatalogProduct): string =>
  stableId(new Date(product.createdAt), `product ${product.slug}`);

/** The sizes of a product's picture; the seed's pictures are static files of the edges. */
export const picturesOf = (slug: string): { imageUrl: string; images: Picture[] } => ({
  imageUrl: pictureUrl(slug, 640),
  images: pictureWidths.map((width) => ({ url: pictureUrl(slug, width), width, type: 'image/webp' })),
});

const categoryRow = ({ id, name }: (typeof catalogCategories)[number], position: number) => ({
  id,
  name,
  imageUrl: pictureUrl(categoryPicture(id), 640),
  position,
});

const productRow = (id: string, product: CatalogProduct): typeof products.$inferInsert => ({
  id,
  slug: product.slug,
  name: product.name,
  description: product.description,
  category: product.category,
  priceCents: product.priceCents,
  stock: product.stock,
  ...picturesOf(product.slug),
  createdAt: new Date(product.createdAt),
  updatedAt: new Date(product.createdAt),
});

/** A statement takes 65,535 parameters, so rows are inserted by the thousand. @returns how many rows were new. */
async function insertNew<T extends PgTable>(
  tx: QueryBuilder,
  table: T,
  rows: T['$inferInsert'][],
): Promise<number> {
  let added = 0;
  for (let start = 0; start < rows.length; start += 1_000) {
    const chunk = rows.slice(start, start + 1_000) as T['$inferInsert'][];
    const { rowCount } = await tx.insert(table).values(chunk).onConflictDoNothing();
    added += rowCount ?? 0;
  }
  return added;
}
