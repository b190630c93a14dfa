import type pg from 'pg';
import { type Pool, queryBuilder, type Transaction } from './connection.ts';
import type { Consistency } from './consistency.ts';
import { isTransient } from './errors.ts';
import { retryTransient } from './primary.ts';

/** Why a node served a read; `node` is its own name, as it gives it in the same transaction. */
export type ReadRecord = {
  node: string;
  role: 'primary' | 'replica';
  /** `replica-behind` and `replica-unavailable` fell back to the primary; `required` had to go there. */
  reason: 'fresh' | 'replica-behind' | 'replica-unavailable' | 'no-replica' | 'required';
  /** From asking to having the answer, earlier tries included. */
  durationMs: number;
};

/** A replica further behind than this serves no session, not even one that never wrote. */
const maxLagSeconds = 30;

type Position = { node: string; isPrimary: boolean; fresh: boolean };

type ReaderOptions = {
  primary: Pool;
  replicas: Pool;
  onRead: (record: ReadRecord) => void;
  fallBackToPrimary: boolean;
  checkWatermark: boolean;
};

/** Longer than this it is quicker to ask the primary than yet another replica. */
const replicaPatienceMs = 2_000;
/** For callers that set no deadline: as long as a request may take. */
const readDeadlineMs = 8_000;

/** One try on one connection of a pool. */
type Attempt<T> = (pool: Pool, consistency: Consistency) => Promise<{ position: Position; value: T }>;

/** A single SELECT, prepared once a connection under its name; made by `prepare`. */
export type Statement = { name: string; text: string; withPosition: string };

/** Reads at a consistency: from a replica when it is fresh enough, else from the primary. */
export class ReplicaReader {
  readonly #options: ReaderOptions;
  readonly #consistency: Consistency;

  constructor(options: ReaderOptions, consistency: Consistency) {
    this.#options = options;
    this.#consistency = consistency;
  }

  /** Runs `work` in a read-only transaction. It may run twice, so it must do nothing but read. */
  async read<T>(work: (tx: Transaction) => Promise<T>, deadline?: AbortSignal): Promise<T> {
    const attempt: Attempt<T> = (pool, consistency) =>
      readOnce(pool, consistency, (client) => work(queryBuilder(client)));
    return await this.#serve(attempt, deadline);
  }

  /**
   * The shortest way to read: one statement, prepared under its name. Without a watermark to compare with it needs no
   * transaction around it and is one message to Postgres and one back.
   */
  async query<Row>(statement: Statement, values: unknown[], deadline?: AbortSignal): Promise<Row[]> {
    const attempt: Attempt<Row[]> = (pool, consistency) =>
      consistency === 'any'
        ? queryOnce<Row>(pool, statement, values)
        : queryInTransaction<Row>(pool, consistency, statement, values);
    return await this.#serve(attempt, deadline);
  }

  async #serve<T>(attempt: Attempt<T>, deadline?: AbortSignal): Promise<T> {
    const from = performance.now();
    if (this.#consistency === 'primary') return await this.#fromPrimary(attempt, 'required', from, deadline);
    const { replicas, onRead, fallBackToPrimary, checkWatermark } = this.#options;
    const once = () => attempt(replicas, checkWatermark ? this.#consistency : 'any');
    let reason: ReadRecord['reason'] = 'replica-behind';
    try {
      const { position, value } = fallBackToPrimary ? await retryPatiently(once, deadline) : await once();
      if (position.fresh) {
        // HAProxy sends the replicas' traffic to the primary when no replica is left.
        const { node, isPrimary } = position;
        const durationMs = performance.now() - from;
        if (isPrimary) onRead({ node, role: 'primary', reason: 'no-replica', durationMs });
        else onRead({ node, role: 'replica', reason: 'fresh', durationMs });
        return value;
      }
    } catch (error) {
      if (!fallBackToPrimary || !isUnavailable(error)) throw error;
      reason = 'replica-unavailable';
    }
    return await this.#fromPrimary(attempt, reason, from, deadline);
  }

  async #fromPrimary<T>(
    attempt: Attempt<T>,
    reason: ReadRecord['reason'],
    from: number,
    deadline: AbortSignal = AbortSignal.timeout(readDeadlineMs),
  ): Promise<T> {
    const { primary, onRead } = this.#options;
    const { position, value } = await retryTransient(() => attempt(primary, 'any'), { deadline });
    onRead({ node: position.node, role: 'primary', reason, durationMs: performance.now() - from });
    return value;
  }
}

/** The first try is free of timers, which cost as much as the rest of a short read. */
async function retryPatiently<T>(attempt: () => Promise<T>, deadline?: AbortSignal): Promise<T> {
  const from = performance.now();
  try {
    return await attempt();
  } catch (error) {
    if (!isTransient(error)) throw error;
    const left = AbortSignal.timeout(Math.max(0, Math.ceil(replicaPatienceMs - (performance.now() - from))));
    return await retryTransient(attempt, { deadline: deadline ? AbortSignal.any([left, deadline]) : left });
  }
}

/**
 * One transaction on one connection: first how far that very node has come, then the read. Each statement of a
 * READ COMMITTED transaction takes its own snapshot, so what the check saw the read sees too; in one statement,
 * or under REPEATABLE READ, the snapshot would be older than the check. The check travels with the first
 * statement of `work`, and its answer is looked at when both are there.
 */
async function readOnce<T>(
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
 * A row travels as one column of JSON: describing, passing on and reading each column by itself costs two proxies and
 * us more than Postgres needs to write it. So its values are JSON's: a time is a string.
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
 * Whether a node lags by half a minute can be asked beside the read itself. Where nothing was found there is no row to
 * carry the answer: then the question is asked again the long way.
 */
async function queryOnce<Row>(
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

async function queryInTransaction<Row>(
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

function isUnavailable(error: unknown): boolean {
  return isTransient(error) || (error instanceof DOMException && error.name === 'TimeoutError');
}
