import type { Writable } from 'node:stream';
import { inSpan, isTraced, type SpanDescription, SpanKind } from '@shop/tracing/spans.ts';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import pLimit from 'p-limit';
import pTimeout from 'p-timeout';
import pg from 'pg';

/** The query builder on one connection. */
export type QueryBuilder = NodePgDatabase<Record<string, never>>;

/** The query builder inside one transaction, with its connection: the first argument of every repository function. */
export type Transaction = QueryBuilder & { $client: pg.PoolClient };

export type PoolOptions = {
  /** `postgres://user@host:port/database`; a host name with several addresses is tried address by address. */
  url: string;
  password: string;
  maxConnections: number;
  /** After this long a silent server counts as dead and the connection is thrown away. */
  queryTimeoutMs: number;
  /** How long a caller waits for a connection. */
  waitTimeoutMs: number;
};

// pg returns bigint (count, sum) as text. Every count and sum of this shop fits a JavaScript number.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

/** The URL with the password in it. pg takes a URL without one as an empty password, even when its options name one. */
export function withPassword(url: string, password: string): string {
  const complete = new URL(url);
  complete.password = encodeURIComponent(password);
  return complete.href;
}

/**
 * How long a login may take. Node leaves an address that does not answer after 250 ms, so this limit is for a frozen
 * PgBouncer. It is long enough for a PgBouncer with many logins at once.
 */
const loginTimeoutMs = 2_000;

/**
 * Logins in progress at once in this process. One takes 6.7 ms of PgBouncer's processor and 5.6 ms of ours (SCRAM).
 * After a restart of PgBouncer every connection is made again: all at once, they would take longer than each of them
 * may.
 */
const logins = pLimit(8);

/** A connection of the pool, whose login waits for its turn (`logins`), and whose statements leave together. */
class PoolClient extends pg.Client {
  constructor(config?: pg.ClientConfig) {
    super({ ...config, connectionTimeoutMillis: loginTimeoutMs });
  }

  /**
   * Statements that are sent in one turn of the event loop share one write. pg writes each statement by itself, which
   * costs a system call here, and a wake-up in PgBouncer, in HAProxy and in Postgres.
   */
  override query(...statement: unknown[]): never {
    const { stream } = (this as unknown as { connection: { stream: Writable } }).connection;
    stream.cork();
    process.nextTick(() => stream.uncork());
    const send = () => super.query(...(statement as [never])) as unknown as Promise<unknown>;
    return (isTraced() ? inSpan(...describe(statement[0]), send) : send()) as never;
  }

  override connect(): Promise<pg.Client>;
  override connect(callback: (error: Error) => void): void;
  override connect(callback?: (error: Error) => void) {
    const connected = logins(() => super.connect());
    if (callback) connected.then(() => callback(undefined as never), callback);
    return connected;
  }
}

/** The span of a statement: the name under which it is prepared, or its first word. Values are not recorded. */
function describe(statement: unknown): [name: string, SpanDescription] {
  const { name, text } = typeof statement === 'string' ? { text: statement } : (statement as pg.QueryConfig);
  const attributes = { 'db.system.name': 'postgresql', 'db.query.text': text };
  return [`sql ${name ?? /\w+/.exec(text)?.[0]}`, { kind: SpanKind.CLIENT, attributes }];
}

/** A pool whose callers may give up before their logins do. */
export class Pool extends pg.Pool {
  readonly #waitTimeoutMs: number;

  constructor(options: pg.PoolConfig, waitTimeoutMs: number) {
    super(options);
    this.#waitTimeoutMs = waitTimeoutMs;
  }

  /**
   * A connection, if there is one within the time that the caller waits. When the caller gives up, its login continues
   * and serves the next caller. Aborting logins would make it worse: a PgBouncer with more logins than it can finish in
   * that time would finish none (docs/decisions/0006-way-to-postgres.md).
   *
   * @throws an error that `isTransient` knows, when there is none in time.
   */
  async acquire(): Promise<pg.PoolClient> {
    // Without a timer, which costs as much as the rest of a short read.
    if (this.idleCount > 0) return await this.connect();
    return await inSpan('wait for a connection to PgBouncer', {}, () => this.#wait());
  }

  async #wait(): Promise<pg.PoolClient> {
    const connecting = this.connect();
    try {
      const message = 'timeout exceeded when trying to connect';
      return await pTimeout(connecting, { milliseconds: this.#waitTimeoutMs, message });
    } catch (error) {
      connecting.then(
        (client) => client.release(),
        () => {},
      );
      throw error;
    }
  }

  /** Runs `work` on a connection, which is thrown away when `work` throws. */
  async with<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await this.acquire();
    try {
      const value = await work(client);
      client.release();
      return value;
    } catch (error) {
      client.release(error as Error);
      throw error;
    }
  }
}

/** Connects to PgBouncer. Pipelined, so statements that do not wait for each other share one round trip. */
export function createPool({
  url,
  password,
  maxConnections,
  queryTimeoutMs,
  waitTimeoutMs,
}: PoolOptions): Pool {
  const options = {
    connectionString: withPassword(url, password),
    max: maxConnections,
    pipeline: true,
    query_timeout: queryTimeoutMs,
    // Not the time that a caller waits (`acquire`): this one aborts a login.
    connectionTimeoutMillis: 2.5 * loginTimeoutMs,
    Client: PoolClient,
    keepAlive: true,
    keepAliveInitialDelayMillis: 1_000,
    idleTimeoutMillis: 30_000,
    // A pool that never reconnects would stay on one PgBouncer for ever after the other came back.
    maxLifetimeSeconds: 120,
  };
  const pool = new Pool(options as pg.PoolConfig, waitTimeoutMs);
  // An idle connection that dies is replaced on the next checkout; without a listener it would end the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => {
    client.on('error', () => {});
    client.on('notice', (notice) => {
      if (isFalseAcknowledgement(notice.message)) falselyAcknowledged.add(client);
    });
  });
  return pool;
}

/** Clients whose last commit was answered as a success although perhaps no standby has it. */
export const falselyAcknowledged = new WeakSet<pg.ClientBase>();

/**
 * Cancelling a backend that waits for synchronous replication makes COMMIT succeed with only a WARNING
 * ("canceling wait for synchronous replication …", src/backend/replication/syncrep.c in PostgreSQL).
 */
export function isFalseAcknowledgement(noticeMessage: string | undefined): boolean {
  return /wait for synchronous replication/.test(noticeMessage ?? '');
}
