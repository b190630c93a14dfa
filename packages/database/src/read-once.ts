import type pg from 'pg';
import type { Pool } from './connection.ts';
import type { Consistency } from './consistency.ts';

/** A replica that lags more than this serves no session, not even one that never wrote. */
const maxLagSeconds = 30;

/** What a node says of itself. `fresh`: it has what this reader must see. */
export type Position = { node: string; isPrimary: boolean; fresh: boolean };

/** A single SELECT, prepared once a connection under its name; made by `prepare`. */
export type Statement = { name: string; text: string; withPosition: string };

/** Runs a prepared SELECT and returns its rows; the caller has chosen the node. */
export type QueryStatement = <Row>(statement: Statement, values: unknown[]) => Promise<Row[]>;

/**
 * One transaction on one connection: it first asks for the position of this node, then reads. Each statement of a READ
 * COMMITTED transaction takes its own snapshot, so the read sees everything that the check saw. In one statement, or
 * under REPEATABLE READ, the snapshot would be older than the check. The check is sent together with the first
 * statement of `work`, and its answer is compared when both have arrived.
 */
export async function readOnce<T>(
  pool: Pool,
  consistency: Consistency,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<{ position: Position; value: T }> {
  const client = await pool.acquire();
  try {
    const checked = client.query(`BEGIN READ ONLY; ${positionQuery(consistency)}`);
    checked.catch(() => {});
    const value = await work(client);
    const [, { rows }] = (await checked) as unknown as [pg.QueryResult, pg.QueryResult<Position>];
    // The answer need not wait for the end of a transaction that wrote nothing.
    client.query('COMMIT').then(
      () => client.release(),
      (error) => client.release(error),
    );
    return { position: rows[0] as Position, value };
  } catch (error) {
    client.release(error as Error);
    throw error;
  }
}

/**
 * A row is returned as one column of JSON: describing, forwarding and parsing each column would cost two proxies and
 * the API more than Postgres needs to write it. So its values are JSON's: a time is a string.
 *
 * @param select a SELECT whose columns are named one by one, so that a new column in the table changes nothing.
 */
export function prepare(name: string, select: string): Statement {
  const text = `SELECT row_to_json(answer) AS row FROM (${select}) AS answer`;
  const withPosition = `SELECT row_to_json(answer) AS row, concat_ws(' ', node, "isPrimary", fresh) AS position
    FROM (${select}) AS answer, (${positionQuery('any')}) AS it`;
  return { name, text, withPosition };
}

/**
 * The statement itself can ask whether the node lags by half a minute. If it found nothing, no row carries the answer:
 * then a second query asks for it.
 */
export async function queryOnce<Row>(
  pool: Pool,
  statement: Statement,
  values: unknown[],
): Promise<{ position: Position; value: Row[] }> {
  const query = { name: `${statement.name}_with_position`, text: statement.withPosition, values };
  const { rows } = await pool.with((client) => client.query<{ row: Row; position: string }>(query));
  if (!rows[0]) return await queryInTransaction(pool, 'any', statement, values);
  const [node = '', isPrimary, fresh] = rows[0].position.split(' ');
  const position = { node, isPrimary: isPrimary === 't', fresh: fresh === 't' };
  return { position, value: rows.map(({ row }) => row) };
}

export async function queryInTransaction<Row>(
  pool: Pool,
  consistency: Consistency,
  { name, text }: Statement,
  values: unknown[],
): Promise<{ position: Position; value: Row[] }> {
  return await readOnce(pool, consistency, async (client) => {
    const { rows } = await client.query<{ row: Row }>({ name, text, values });
    return rows.map(({ row }) => row);
  });
}

/** `lsn` has been parsed by `parseWatermark` or came from the server, so it can stand in the text. */
function positionQuery(consistency: Consistency): string {
  const replayed =
    typeof consistency === 'object' ? `pg_last_wal_replay_lsn() >= '${consistency.lsn}' AND` : '';
  return `SELECT current_setting('shop.node') AS node, NOT pg_is_in_recovery() AS "isPrimary",
    NOT pg_is_in_recovery() OR (${replayed}
      coalesce(pg_last_xact_replay_timestamp() > now() - interval '${maxLagSeconds} s', false)) AS fresh`;
}
