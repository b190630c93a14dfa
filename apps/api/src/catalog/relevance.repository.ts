import type { Transaction } from '@shop/database/connection.ts';
import { productSearch } from '@shop/database/schema/product-search.ts';
import { sql } from 'drizzle-orm';
import {
  carried,
  conditionsOf,
  ofSearch,
  type PageRow,
  type Position,
  type ProductSelection,
  sortValueOf,
  tablesOf,
} from './product-selection.ts';

type Search = ProductSelection & { q: string };

/** How many products are ranked against each other: a page needs 100 at most. */
const blockSize = 200;

/**
 * The order of relevance, made so that a page costs the same however many products match:
 *
 * 1. Products whose name begins with the query, in the order of their names: a walk along an index.
 * 2. All others, in blocks of the `blockSize` next newest, ranked within their block.
 *
 * A position in 2 names the block, so it stays where it is while newer products come.
 */
export async function findRelevantProducts(tx: Transaction, search: Search): Promise<PageRow[]> {
  const { after, limit } = search;
  const rows = after?.[0] === 'words' ? [] : await findByBeginning(tx, search);
  let block = after?.[0] === 'words' ? toBlock(after) : firstBlock;
  while (rows.length < limit) {
    const next = await rankBlock(tx, search, block, limit - rows.length);
    rows.push(...next.rows);
    if (!next.bottom) break;
    block = { ...firstBlock, above: next.bottom };
  }
  return rows;
}

/** The greatest code point: no name that begins so is behind it. */
const beginning = (q: string) => sql`(search_key(${q}) <> '' AND ${productSearch.nameKey} >= search_key(${q})
  AND ${productSearch.nameKey} < search_key(${q}) || U&'\\+10FFFF')`;

async function findByBeginning(tx: Transaction, { q, after, limit, ...filters }: Search): Promise<PageRow[]> {
  const { from } = tablesOf({ ...filters, q }, 'relevance');
  const key = sql`${productSearch.nameKey}`;
  const beyond = after
    ? sql`AND (${key}, ${productSearch.productId})
        > (${sortValueOf(after.slice(1), sql`text`, key)}, ${after.at(-1)}::uuid)`
    : sql``;
  const { rows } = await tx.execute<{ id: string; value: string }>(sql`
    SELECT ${productSearch.productId} AS id, ${key} AS value FROM ${from}
    WHERE ${conditionsOf(filters, ofSearch)} AND ${beginning(q)} ${beyond}
    ORDER BY ${key}, ${productSearch.productId} LIMIT ${limit}`);
  return rows.map(({ id, value }) => ({ id, position: ['name', carried(value), id] }));
}

type Place = [time: string, id: string];
/** Products older than `above`, down to `bottom` where that is known; `after` is a rank and an id in the block. */
type Block = { above?: Place; bottom?: Place; after?: Place };
const firstBlock: Block = {};

/** A position: `words`, `above` or two nulls, `bottom`, rank, id. */
function toBlock([, aboveTime, aboveId, bottomTime, bottomId, rank, id]: Position): Block {
  return {
    above: aboveTime && aboveId ? [aboveTime, aboveId] : undefined,
    bottom: [bottomTime as string, bottomId as string],
    after: [rank as string, id as string],
  };
}

/** @returns `bottom` only when there may be more products below the block. */
async function rankBlock(
  tx: Transaction,
  { q, ...filters }: Search,
  { above, bottom, after }: Block,
  limit: number,
): Promise<{ rows: PageRow[]; bottom?: Place }> {
  const { from, columns } = tablesOf({ ...filters, q }, 'relevance');
  const place = sql`(${columns.createdAt}, ${columns.id})`;
  const at = ([time, id]: Place) => sql`(${time}::timestamptz, ${id}::uuid)`;
  const { rows } = await tx.execute<Ranked>(sql`
    WITH block AS MATERIALIZED (
      SELECT ${columns.id} AS id, ${columns.createdAt} AS created_at, ${productSearch.words} AS words FROM ${from}
      WHERE ${conditionsOf({ ...filters, q }, columns)} AND NOT ${beginning(q)}
        ${above ? sql`AND ${place} < ${at(above)}` : sql``}
        ${bottom ? sql`AND ${place} >= ${at(bottom)}` : sql``}
      ORDER BY ${columns.createdAt} DESC, ${columns.id} DESC
      ${bottom ? sql`` : sql`LIMIT ${blockSize}`}
    ), ranked AS (
      SELECT id, ts_rank(words, search_query(${q})) AS rank FROM block
    ), shown AS (
      SELECT id, rank::text FROM ranked
      ${after ? sql`WHERE (rank, id) < (${after[0]}::real, ${after[1]}::uuid)` : sql``}
      ORDER BY ranked.rank DESC, id DESC LIMIT ${limit}
    ), bottom AS (
      SELECT created_at::text AS time, id, (SELECT count(*) FROM block) AS size
      FROM block ORDER BY created_at, id LIMIT 1
    )
    SELECT bottom.time AS "bottomTime", bottom.id AS "bottomId", bottom.size, shown.id, shown.rank
    FROM bottom LEFT JOIN shown ON true ORDER BY shown.rank::real DESC, shown.id DESC`);
  const [first] = rows;
  const end: Place | undefined = bottom ?? (first && [first.bottomTime, first.bottomId]);
  const positionOf = (rank: string, id: string) => [
    'words',
    above?.[0] ?? null,
    above?.[1] ?? null,
    ...(end ?? []),
    rank,
    id,
  ];
  return {
    rows: rows.flatMap(({ id, rank }) => (id && rank ? [{ id, position: positionOf(rank, id) }] : [])),
    bottom: bottom || (first && first.size >= blockSize) ? end : undefined,
  };
}

type Ranked = { bottomTime: string; bottomId: string; size: number; id: string | null; rank: string | null };
