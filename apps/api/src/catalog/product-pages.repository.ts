import type { Sort } from '@shop/contracts/values.ts';
import type { Transaction } from '@shop/database/connection.ts';
import { products } from '@shop/database/schema/products.ts';
import { type SQL, sql } from 'drizzle-orm';
import {
  carried,
  conditionsOf,
  type ListedColumns,
  type PageRow,
  type ProductFilters,
  type ProductSelection,
  sortValueOf,
  tablesOf,
} from './product-selection.ts';
import { areMoreThan, few, foldQuery, holds, rowsOf, walkInOrder } from './query-words.ts';
import { findRelevantProducts } from './relevance.repository.ts';

/**
 * Ids of active products in a total order: the id breaks every tie, so keyset pagination neither repeats nor skips. No
 * text is more relevant than another without a query: then `relevance` is `newest`.
 */
export async function findProductPage(tx: Transaction, selection: ProductSelection): Promise<PageRow[]> {
  const { sort, q } = selection;
  if (q === undefined) return await readSorted(tx, selection);
  const words = await foldQuery(tx, q);
  if (sort === 'relevance') return await findRelevantProducts(tx, { ...selection, q, words });
  if (!(await areMoreThan(tx, words, sortable)))
    return await readSorted(tx, selection, rowsOf(sql`WHERE ${holds(words)}`));
  await walkInOrder(tx);
  return await readSorted(tx, { ...selection, words });
}

/** A search that finds no more products than this sorts all of them. */
const sortable = 10_000;

/** @param searched see `tablesOf`. */
async function readSorted(tx: Transaction, selection: ProductSelection, searched?: SQL): Promise<PageRow[]> {
  const { sort, after, limit } = selection;
  const { from, columns } = tablesOf(selection, sort, searched);
  const { by, type, ascending } = orderOf(sort, columns);
  const [direction, then] = ascending ? [sql`ASC`, sql`>`] : [sql`DESC`, sql`<`];
  const beyond = after
    ? sql`AND (${by}, ${columns.id}) ${then} (${sortValueOf(after, type, by)}, ${after.at(-1)}::uuid)`
    : sql``;
  const { rows } = await tx.execute<{ id: string; value: string }>(sql`
    SELECT ${columns.id} AS id, (${by})::text AS value FROM ${from}
    WHERE ${conditionsOf(selection, columns)} ${beyond}
    ORDER BY ${by} ${direction}, ${columns.id} ${direction} LIMIT ${limit}`);
  return rows.map(({ id, value }) => ({ id, position: [carried(value), id] }));
}

/**
 * How many products the filters let through among the first `few` that hold the words of `q`, counted up to `atMost`.
 */
export async function countProducts(
  tx: Transaction,
  { q, ...filters }: ProductFilters & { q: string },
  atMost: number,
): Promise<number> {
  const words = await foldQuery(tx, q);
  const { from, columns } = tablesOf(
    { ...filters, q },
    'newest',
    rowsOf(sql`WHERE ${holds(words)} LIMIT ${few}`),
  );
  const { rows } = await tx.execute<{ count: number }>(sql`
    SELECT count(*) FROM (SELECT FROM ${from} WHERE ${conditionsOf(filters, columns)} LIMIT ${atMost}) AS found`);
  return rows[0]?.count ?? 0;
}

/** Whole queries that may have been meant, the likeliest first. @param knownToo replaces words that names have, too. */
export async function findCorrections(tx: Transaction, q: string, knownToo: boolean): Promise<string[]> {
  const { rows } = await tx.execute<{ text: string }>(
    sql`SELECT corrections.text FROM search_corrections(${q}, ${knownToo}) AS corrections (text)`,
  );
  return rows.map(({ text }) => text);
}

type Order = { by: SQL; type: SQL; ascending: boolean };

function orderOf(sort: Sort, { createdAt, name }: ListedColumns): Order {
  switch (sort) {
    case 'price-asc':
      return { by: sql`${products.priceCents}`, type: sql`integer`, ascending: true };
    case 'price-desc':
      return { by: sql`${products.priceCents}`, type: sql`integer`, ascending: false };
    case 'rating':
      return { by: sql`${products.ratingSort}`, type: sql`integer`, ascending: false };
    case 'name':
      return { by: name, type: sql`text`, ascending: true };
    default:
      return { by: createdAt, type: sql`timestamptz`, ascending: false };
  }
}
