import type { Transaction } from '@shop/database/connection.ts';
import { productSearch } from '@shop/database/schema/product-search.ts';
import { sql } from 'drizzle-orm';
import { carried, conditionsOf, ofSearch, type PageRow, sortValueOf, tablesOf } from './product-selection.ts';
import { beginning } from './query-words.ts';
import { findInBlocks, type Search, toBlock } from './relevance-blocks.ts';

/**
 * The order of relevance, made so that a page costs the same however many products match:
 *
 * 1. Products whose name begins with the query, in the order of their names: a walk along an index.
 * 2. All others, in blocks that are ranked one after the other (`relevance-blocks.ts`).
 */
export async function findRelevantProducts(tx: Transaction, search: Search): Promise<PageRow[]> {
  const { after, limit, words } = search;
  if (after?.[0] === 'words') return await findInBlocks(tx, search, limit, toBlock(after));
  const rows = words.key === '' ? [] : await findByBeginning(tx, search);
  return rows.length < limit ? [...rows, ...(await findInBlocks(tx, search, limit - rows.length))] : rows;
}

async function findByBeginning(
  tx: Transaction,
  { q, words, after, limit, ...filters }: Search,
): Promise<PageRow[]> {
  const { from } = tablesOf({ ...filters, q }, 'relevance');
  const key = sql`${productSearch.nameKey}`;
  const beyond = after
    ? sql`AND (${key}, ${productSearch.productId})
        > (${sortValueOf(after.slice(1), sql`text`, key)}, ${after.at(-1)}::uuid)`
    : sql``;
  const { rows } = await tx.execute<{ id: string; value: string }>(sql`
    SELECT ${productSearch.productId} AS id, ${key} AS value FROM ${from}
    WHERE ${conditionsOf(filters, ofSearch)} AND ${beginning(words)} ${beyond}
    ORDER BY ${key}, ${productSearch.productId} LIMIT ${limit}`);
  return rows.map(({ id, value }) => ({ id, position: ['name', carried(value), id] }));
}
