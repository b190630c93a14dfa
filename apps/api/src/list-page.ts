import { listLimitDefault } from '@shop/contracts/common.ts';
import type { CursorContext, CursorValues } from './plugins/cursors.ts';

type Cursors = {
  encode(context: CursorContext, values: CursorValues): string;
  decode(context: CursorContext, cursor: string | undefined): CursorValues | undefined;
};
type Page<Row> = { items: Row[]; nextCursor: string | null };

type PageOptions<Row, Position extends CursorValues> = {
  cursors: Cursors;
  /** The list, and every filter that decides its content: a cursor of another list is refused. */
  context: CursorContext;
  query: { limit?: number; cursor?: string };
  /** Reads at most `limit` rows that follow `after`; undefined is the beginning of the list. */
  read: (after: Position | undefined, limit: number) => Promise<Row[]>;
  /** The sort values of a row, the unique one last. */
  position: (row: Row) => NoInfer<Position>;
};

/**
 * One page of a list (keyset pagination). It reads one row more than the page holds: that row says whether there is a
 * next page.
 *
 * @throws ProblemError `invalid-cursor`.
 */
export async function readPage<Row, Position extends CursorValues>({
  cursors,
  context,
  query: { limit = listLimitDefault, cursor },
  read,
  position,
}: PageOptions<Row, Position>): Promise<Page<Row>> {
  const after = cursors.decode(context, cursor) as Position | undefined;
  const rows = await read(after, limit + 1);
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const nextCursor = rows.length > limit && last ? cursors.encode(context, position(last)) : null;
  return { items, nextCursor };
}
