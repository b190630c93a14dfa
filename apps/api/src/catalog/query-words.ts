import type { Transaction } from '@shop/database/connection.ts';
import { productSearch } from '@shop/database/schema/product-search.ts';
import { type SQL, sql } from 'drizzle-orm';

/**
 * What a client typed, folded once for all statements of a read: the database's functions for it cost more than a
 * look-up. `query` is a tsquery as text, `key` is compared with the beginnings of names, `slug` with parts of slugs; each
 * is empty for a text without a word.
 */
export type QueryWords = { query: string; key: string; slug: string };

/**
 * Folds a text as products are folded (`search_query`, migration 0007). From then on, this transaction reads no whole
 * table: the planner cannot know how many products hold a word, and would take a whole read for the cheapest.
 */
export async function foldQuery(tx: Transaction, q: string): Promise<QueryWords> {
  const { rows } = await tx.execute<QueryWords>(sql`
    SELECT search_query(${q})::text AS query, search_key(${q}) AS key,
      trim(BOTH '-' FROM regexp_replace(search_fold(${q}), '[^a-z0-9]+', '-', 'g')) AS slug,
      set_config('enable_seqscan', 'off', true)`);
  return rows[0] as QueryWords;
}

/** Whether a product holds all words. */
export const holds = ({ query }: QueryWords): SQL => sql`${productSearch.words} @@ ${query}::tsquery`;

/** Whether a name begins with the words. The greatest code point: no name that begins so is behind it. */
export const beginning = ({
  key,
}: QueryWords): SQL => sql`(${key} <> '' AND ${productSearch.nameKey} >= ${key}
  AND ${productSearch.nameKey} < ${key} || U&'\\+10FFFF')`;

/**
 * Rows of `product_search` under its name. A plan of their own finds them, so what else a statement wants of the rows
 * changes nothing about the way to them.
 *
 * @param which conditions, order and limit of the rows.
 */
export const rowsOf = (which: SQL): SQL =>
  sql`(SELECT * FROM ${productSearch} ${which} OFFSET 0) AS product_search`;

/** Ids as one parameter: an array of Postgres. */
export const uuids = (ids: string[]): SQL => sql`${`{${ids.join(',')}}`}::uuid[]`;

/** A search that finds no more products than this looks at all of them. */
export const few = 1_000;

/** Ids of all products that hold the words, in no order; undefined when there are more than a few. */
export async function findFew(tx: Transaction, words: QueryWords): Promise<string[] | undefined> {
  const { rows } = await tx.execute<{ id: string }>(sql`
    SELECT ${productSearch.productId} AS id FROM ${productSearch} WHERE ${holds(words)} LIMIT ${few + 1}`);
  return rows.length > few ? undefined : rows.map(({ id }) => id);
}

/** Whether more than `count` products hold the words. */
export async function areMoreThan(tx: Transaction, words: QueryWords, count: number): Promise<boolean> {
  const { rows } = await tx.execute<{ more: boolean }>(sql`
    SELECT count(*) > ${count} AS more
    FROM (SELECT FROM ${productSearch} WHERE ${holds(words)} LIMIT ${count + 1}) AS found`);
  return rows[0]?.more ?? false;
}

/**
 * For a search that finds many products: from then on, this transaction reads them along the index of their order until
 * the page is full, instead of finding all of them and sorting.
 */
export async function walkInOrder(tx: Transaction): Promise<void> {
  await tx.execute(sql`SET LOCAL enable_bitmapscan = off`);
}
