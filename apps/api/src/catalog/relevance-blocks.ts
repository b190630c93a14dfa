import type { Transaction } from '@shop/database/connection.ts';
import { productSearch } from '@shop/database/schema/product-search.ts';
import { type SQL, sql } from 'drizzle-orm';
import {
  conditionsOf,
  type PageRow,
  type Position,
  type ProductSelection,
  tablesOf,
} from './product-selection.ts';
import { beginning, findFew, holds, type QueryWords, rowsOf, uuids } from './query-words.ts';

/** How many products of a common word are ranked against each other: a page needs 101 at most. */
export const blockSize = 200;
/** How many of the newest products are looked at for a block: first for any words, then for words known to be common. */
export const walks = { first: 2_000, long: 20_000 };

/** A selection with the words of its query. */
export type Search = ProductSelection & { q: string; words: QueryWords };

type Place = [time: string, id: string];
/**
 * Products older than `above`, down to `bottom`; `after` is a rank and an id in the block. In a walked block there are
 * few products, in another few that match.
 */
export type Block = { above?: Place; bottom: Place; after: Place; walked: boolean };
type Ranked = { rows: PageRow[]; size: number };

/** A position: `words`, `above` or two nulls, `bottom`, rank, id, and `walked` when the block was. */
export function toBlock([, aboveTime, aboveId, bottomTime, bottomId, rank, id, walked]: Position): Block {
  return {
    above: aboveTime && aboveId ? [aboveTime, aboveId] : undefined,
    bottom: [bottomTime as string, bottomId as string],
    after: [rank as string, id as string],
    walked: walked === 'walked',
  };
}

/**
 * Products that hold the words, but for those whose name begins with them: block after block of the next newest, ranked
 * within a block. A position names its block, so it stays where it is while newer products come.
 *
 * @param block the one to continue.
 */
export async function findInBlocks(
  tx: Transaction,
  search: Search,
  limit: number,
  block?: Block,
): Promise<PageRow[]> {
  if (!block) return await nextBlock(tx, search, limit);
  const { above, bottom, after, walked } = block;
  const from = walked ? walk(search, above, { bottom }) : await found(tx, search);
  const { rows } = await rank(tx, search, { from, above, bottom, after, walked }, limit);
  return rows.length < limit
    ? [...rows, ...(await nextBlock(tx, search, limit - rows.length, bottom))]
    : rows;
}

/**
 * The first rows of the next block, which fills the page unless it is the last one. What the words are decides the way:
 * those of many products meet enough of them in a short walk, those of few are found by their own index.
 */
async function nextBlock(tx: Transaction, search: Search, limit: number, above?: Place): Promise<PageRow[]> {
  const walkFar = async (size: number) => {
    const from = walk(search, above, { size });
    return await rank(tx, search, { from, above, walked: true, size: blockSize }, limit);
  };
  const near = await walkFar(walks.first);
  if (near.size >= limit) return near.rows;
  const ids = await findFew(tx, search.words);
  if (ids) return (await rank(tx, search, { from: these(ids), above }, limit)).rows;
  const far = await walkFar(walks.long);
  if (far.size >= limit) return far.rows;
  // Nearly all of the many are among the old products, or the filters leave few of them.
  return (await rank(tx, search, { from: all(search), above, size: blockSize }, limit)).rows;
}

/** Products in the order of time, the newest first, whatever words they hold. */
function walk({ category }: Search, above: Place | undefined, to: { size?: number; bottom?: Place }): SQL {
  const { createdAt, productId } = productSearch;
  return rowsOf(sql`WHERE ${between(above, to.bottom)}
    ${category === undefined ? sql`` : sql`AND ${productSearch.category} = ${category}`}
    ORDER BY ${createdAt} DESC, ${productId} DESC ${to.size ? sql`LIMIT ${to.size}` : sql``}`);
}

const these = (ids: string[]) => rowsOf(sql`WHERE ${productSearch.productId} = ANY (${uuids(ids)})`);
const all = ({ words }: Search) => rowsOf(sql`WHERE ${holds(words)}`);
async function found(tx: Transaction, search: Search): Promise<SQL> {
  const ids = await findFew(tx, search.words);
  return ids ? these(ids) : all(search);
}

function between(above?: Place, bottom?: Place): SQL {
  const place = sql`(${productSearch.createdAt}, ${productSearch.productId})`;
  const at = ([time, id]: Place) => sql`(${time}::timestamptz, ${id}::uuid)`;
  return sql`true ${above ? sql`AND ${place} < ${at(above)}` : sql``}
    ${bottom ? sql`AND ${place} >= ${at(bottom)}` : sql``}`;
}

/** @returns rows after `after` by rank, and how many products the block has: at most `size`. */
async function rank(
  tx: Transaction,
  { q, words, ...filters }: Search,
  block: Partial<Block> & { from: SQL; size?: number },
  limit: number,
): Promise<Ranked> {
  const { above, after } = block;
  const { from, columns } = tablesOf({ ...filters, q }, 'relevance', block.from);
  const { rows } = await tx.execute<Row>(sql`
    WITH block AS MATERIALIZED (
      SELECT ${columns.id} AS id, ${columns.createdAt} AS created_at, ${productSearch.words} AS words FROM ${from}
      WHERE ${conditionsOf({ ...filters, words }, columns)} AND NOT ${beginning(words)}
        AND ${between(above, block.bottom)}
      ORDER BY ${columns.createdAt} DESC, ${columns.id} DESC ${block.size ? sql`LIMIT ${block.size}` : sql``}
    ), ranked AS (
      SELECT id, ts_rank(words, ${words.query}::tsquery) AS rank FROM block
    ), shown AS (
      SELECT id, rank FROM ranked
      ${after ? sql`WHERE (rank, id) < (${after[0]}::real, ${after[1]}::uuid)` : sql``}
      ORDER BY rank DESC, id DESC LIMIT ${limit}
    ), bottom AS (
      SELECT created_at::text AS time, id, (SELECT count(*) FROM block) AS size
      FROM block ORDER BY created_at, id LIMIT 1
    )
    SELECT bottom.time AS "bottomTime", bottom.id AS "bottomId", bottom.size, shown.id, shown.rank::text
    FROM bottom JOIN shown ON true ORDER BY shown.rank DESC, shown.id DESC`);
  return {
    size: rows[0]?.size ?? 0,
    rows: rows.map(({ id, rank, bottomTime, bottomId }) => {
      const bottom = block.bottom ?? [bottomTime, bottomId];
      return {
        id,
        position: [
          'words',
          above?.[0] ?? null,
          above?.[1] ?? null,
          ...bottom,
          rank,
          id,
          ...(block.walked ? ['walked'] : []),
        ],
      };
    }),
  };
}

type Row = { bottomTime: string; bottomId: string; size: number; id: string; rank: string };
