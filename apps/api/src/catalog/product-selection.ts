import type { Sort } from '@shop/contracts/values.ts';
import { productSearch } from '@shop/database/schema/product-search.ts';
import { products } from '@shop/database/schema/products.ts';
import { type SQL, sql } from 'drizzle-orm';
import { holds, type QueryWords } from './query-words.ts';

/** Which products a list shows: active ones only. */
export type ProductFilters = {
  category?: string;
  /** What a client typed, and the words that `foldQuery` has taken out of it. */
  q?: string;
  words?: QueryWords;
  minPriceCents?: number;
  maxPriceCents?: number;
  minRating?: number;
  inStock?: boolean;
};

/** The sort values of a row, as text that Postgres reads back exactly, and last its id. */
export type Position = (string | null)[];

/** One product of a page: its id, and its place in the order. */
export type PageRow = { id: string; position: Position };

export type ProductSelection = ProductFilters & {
  sort: Sort;
  /** Of the last product of the page before. */
  after?: Position;
  limit: number;
};

/** Columns that `products` and `product_search` both have. */
export type ListedColumns = { id: SQL; active: SQL; category: SQL; createdAt: SQL; name: SQL };

const ofProducts: ListedColumns = {
  id: sql`${products.id}`,
  active: sql`${products.active}`,
  category: sql`${products.category}`,
  createdAt: sql`${products.createdAt}`,
  name: sql`${products.name}`,
};

export const ofSearch: ListedColumns = {
  id: sql`${productSearch.productId}`,
  active: sql`${productSearch.active}`,
  category: sql`${productSearch.category}`,
  createdAt: sql`${productSearch.createdAt}`,
  name: sql`${productSearch.name}`,
};

const soldSorts: Sort[] = ['price-asc', 'price-desc', 'rating'];

/**
 * The tables that a selection needs: `product_search` for words and names, `products` for prices, stock and ratings. The
 * columns that both have are taken from the first one.
 *
 * @param searched rows of `product_search`, under its name: see `rowsOf`.
 */
export function tablesOf(
  filters: ProductFilters,
  sort: Sort,
  searched = sql`${productSearch}`,
): { from: SQL; columns: ListedColumns } {
  if (filters.q === undefined && sort !== 'name') return { from: sql`${products}`, columns: ofProducts };
  const { minPriceCents, maxPriceCents, minRating, inStock } = filters;
  const needsProducts =
    soldSorts.includes(sort) || inStock || [minPriceCents, maxPriceCents, minRating].some(Number.isInteger);
  const from = needsProducts
    ? sql`${searched} JOIN ${products} ON ${products.id} = ${productSearch.productId}`
    : searched;
  return { from, columns: ofSearch };
}

/** All conditions of the filters as one; the words count when they are folded. */
export function conditionsOf(filters: ProductFilters, columns: ListedColumns): SQL {
  const { category, words, minPriceCents, maxPriceCents, minRating, inStock } = filters;
  const conditions = [columns.active];
  if (category !== undefined) conditions.push(sql`${columns.category} = ${category}`);
  if (words !== undefined) conditions.push(holds(words));
  if (minPriceCents !== undefined) conditions.push(sql`${products.priceCents} >= ${minPriceCents}`);
  if (maxPriceCents !== undefined) conditions.push(sql`${products.priceCents} <= ${maxPriceCents}`);
  // What is shown is rounded to tenths: 3.95 counts as 4.
  if (minRating !== undefined) conditions.push(sql`${products.ratingSort} >= ${minRating * 1_000 - 50}`);
  if (inStock) conditions.push(sql`${products.stock} > 0`);
  return sql.join(conditions, sql` AND `);
}

/**
 * Longer texts than this are not carried in a cursor but looked up by the id: a cursor has at most 1,000 characters. It
 * is enough for 200 characters of every script; only a name of nearly as many emoji is longer.
 */
const maxCarriedBytes = 650;

/** A sort value for a cursor; null when the next page has to look it up. Then a new name moves the place, too. */
export const carried = (value: string) =>
  Buffer.byteLength(JSON.stringify(value)) > maxCarriedBytes ? null : value;

/** The sort value of a position: carried by the cursor, or read from the product that it names. */
export function sortValueOf([value, id]: Position, type: SQL, column: SQL): SQL {
  return value === null || value === undefined
    ? sql`(SELECT ${column} FROM ${productSearch} WHERE ${productSearch.productId} = ${id}::uuid)`
    : sql`${value}::${type}`;
}
