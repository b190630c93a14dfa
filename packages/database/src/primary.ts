import pRetry from 'p-retry';
import type pg from 'pg';
import { falselyAcknowledged, type Pool, type Transaction } from './connection.ts';
import type { Watermark } from './consistency.ts';
import { CommitUnknownError, isTransient, sqlState } from './errors.ts';
import { queryBuilder } from './query-builder.ts';
import type { NamedStatement } from './statement.ts';

export type TransactionOptions = {
  /** Running `work` again is safe even when an earlier try may have committed, because it looks up its key first. */
  replayable?: boolean;
  /** When it fires, no further try is started. */
  deadline?: AbortSignal;
};

/** When a commit counts as done. Both are off only in a test. */
export type CommitRules = {
  /** Off: when this node has it, even if a failover would lose it (asynchronous replication). */
  waitForStandby?: boolean;
  /** Off: also when the wait for a standby was cancelled. */
  checkCancelledWaits?: boolean;
};

export type Committed<T> = {
  value: T;
  /** The position that a replica must have replayed before this session may read from it. */
  watermark: Watermark;
};

/** Which node committed, and how long the whole transaction took. */
export type CommitRecord = { node: string; durationMs: number };

/** Writes, and reads that must see everything: always on the present primary, through PgBouncer. */
export class Primary {
  readonly #pool: Pool;
  readonly #begin: string;
  readonly #checkCancelledWaits: boolean;
  readonly #onCommit: (record: CommitRecord) => void;

  constructor(
    pool: Pool,
    { waitForStandby = true, checkCancelledWaits = true }: CommitRules = {},
    onCommit: (record: CommitRecord) => void = () => {},
  ) {
    this.#pool = pool;
    this.#begin = waitForStandby ? 'BEGIN' : 'BEGIN; SET LOCAL synchronous_commit TO local';
    this.#checkCancelledWaits = checkCancelledWaits;
    this.#onCommit = onCommit;
  }

  /**
   * Runs `work` in one READ COMMITTED transaction and waits until a standby has the commit (quorum commit).
   * While the primary is away the whole transaction is tried again, until `deadline`. An error that `work`
   * throws rolls everything back and is passed on.
   *
   * @throws CommitUnknownError when the answer to COMMIT was lost and `replayable` is not set.
   */
  async transaction<T>(
    work: (tx: Transaction) => Promise<T>,
    { replayable = false, deadline }: TransactionOptions = {},
  ): Promise<Committed<T>> {
    return await retryTransient(() => this.#attempt(work), { deadline, replayable });
  }

  /**
   * Runs one statement as a transaction of its own, which commits when the statement ends: one message to Postgres in
   * the place of three. It is tried again as `transaction` is.
   *
   * @returns the rows, when a standby has the commit.
   * @throws CommitUnknownError when the answer was lost and `replayable` is not set.
   */
  async statement<Row extends object>(
    statement: NamedStatement,
    values: unknown[] = [],
    { replayable = false, deadline }: TransactionOptions = {},
  ): Promise<Row[]> {
    return await retryTransient(() => this.#attemptStatement<Row>(statement, values), {
      deadline,
      replayable,
    });
  }

  async #attemptStatement<Row extends object>(
    { name, text }: NamedStatement,
    values: unknown[],
  ): Promise<Row[]> {
    const client = await this.#pool.acquire();
    let broken: Error | undefined;
    try {
      const send = () => client.query<Row>({ name, text, values });
      return (await committing(client, send, this.#checkCancelledWaits)).rows;
    } catch (error) {
      broken = error instanceof CommitUnknownError ? error : undefined;
      throw error;
    } finally {
      client.release(broken);
    }
  }

  async #attempt<T>(work: (tx: Transaction) => Promise<T>): Promise<Committed<T>> {
    const from = performance.now();
    const client = await this.#pool.acquire();
    let broken: Error | undefined;
    try {
      // Not awaited before the first statement of `work`: both share one round trip.
      const begun = client.query(this.#begin);
      begun.catch(() => {});
      const value = await work(queryBuilder(client));
      await begun;
      const { node, watermark } = await commit(client, this.#checkCancelledWaits);
      this.#onCommit({ node, durationMs: performance.now() - from });
      return { value, watermark };
    } catch (error) {
      broken = error instanceof CommitUnknownError || isTransient(error) ? (error as Error) : undefined;
      broken ??= await rollback(client);
      throw error;
    } finally {
      client.release(broken);
    }
  }
}

/** The only layer that retries lost connections and failovers of Postgres. */
export function retryTransient<T>(
  attempt: () => Promise<T>,
  { deadline, replayable = false }: TransactionOptions,
): Promise<T> {
  return pRetry(attempt, {
    retries: 100,
    factor: 1.5,
    minTimeout: 50,
    // A shorter pause is harmful: PgBouncer refuses each client while it has no server, so each try is a new login,
    // which costs both sides milliseconds. At 150 the replicas logged in so often that no request was served for 25 s
    // after a failover.
    maxTimeout: 500,
    randomize: true,
    signal: deadline,
    shouldRetry: ({ error }) => (error instanceof CommitUnknownError ? replayable : isTransient(error)),
  });
}

/**
 * Commits and reads the position of the write-ahead log, in one round trip. The position is read after the commit, so
 * it is equal to the commit's or later.
 */
async function commit(
  client: pg.PoolClient,
  checkCancelledWaits: boolean,
): Promise<{ node: string; watermark: Watermark }> {
  const send = () =>
    client.query(
      "COMMIT; SELECT pg_current_wal_insert_lsn()::text AS lsn, current_setting('shop.node') AS node",
    );
  const results = (await committing(client, send, checkCancelledWaits)) as unknown as pg.QueryResult[];
  if (results[0]?.command !== 'COMMIT') throw new Error('the transaction had failed and was rolled back');
  const { lsn, node = '' }: { lsn?: string; node?: string } = results[1]?.rows[0] ?? {};
  return { node, watermark: lsn ? { lsn } : 'primary' };
}

/** Sends something that commits. @throws CommitUnknownError when a standby perhaps does not have it. */
async function committing<T>(
  client: pg.PoolClient,
  send: () => Promise<T>,
  checkCancelledWaits: boolean,
): Promise<T> {
  falselyAcknowledged.delete(client);
  let result: T;
  try {
    result = await send();
  } catch (error) {
    // An SQL error such as a violated deferred constraint means that nothing was committed; a lost server does not.
    if (sqlState(error) && !isTransient(error)) throw error;
    throw new CommitUnknownError('the answer to COMMIT was lost', { cause: error });
  }
  if (checkCancelledWaits && falselyAcknowledged.has(client)) {
    throw new CommitUnknownError('the commit was acknowledged without a standby');
  }
  return result;
}

async function rollback(client: pg.PoolClient): Promise<Error | undefined> {
  try {
    await client.query('ROLLBACK');
    return undefined;
  } catch (error) {
    return error as Error;
  }
}
