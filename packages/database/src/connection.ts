import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import pg from 'pg';

/** What repositories take: the query builder on one connection, inside one transaction. */
export type Transaction = NodePgDatabase<Record<string, never>>;

export type PoolOptions = {
  /** `postgres://user@host:port/database`; a host name with several addresses is tried address by address. */
  url: string;
  password: string;
  maxConnections: number;
  /** After this long a silent server counts as dead and the connection is thrown away. */
  queryTimeoutMs: number;
  /** How long to wait in line for a connection that is free. */
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
 * A connection that is being made. Node leaves an address that does not answer after 250 ms, so this is for a PgBouncer
 * that is frozen, and long enough for one that many log in to at once: giving up on those would only make more of them.
 */
class PoolClient extends pg.Client {
  constructor(config?: pg.ClientConfig) {
    super({ ...config, connectionTimeoutMillis: 2_000 });
  }
}

/** Connects to PgBouncer. Pipelined, so statements that do not wait for each other share one round trip. */
export function createPool({
  url,
  password,
  maxConnections,
  queryTimeoutMs,
  waitTimeoutMs,
}: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: withPassword(url, password),
    max: maxConnections,
    pipeline: true,
    query_timeout: queryTimeoutMs,
    connectionTimeoutMillis: waitTimeoutMs,
    Client: PoolClient,
    keepAlive: true,
    keepAliveInitialDelayMillis: 1_000,
    idleTimeoutMillis: 30_000,
    // A pool that never reconnects would stay on one PgBouncer for ever after the other came back.
    maxLifetimeSeconds: 120,
  } as pg.PoolConfig);
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

/** Clients whose last commit was answered as a success although no standby may have it. */
export const falselyAcknowledged = new WeakSet<pg.ClientBase>();

/**
 * Cancelling a backend that waits for synchronous replication makes COMMIT succeed with only a WARNING
 * ("canceling wait for synchronous replication …", src/backend/replication/syncrep.c in PostgreSQL).
 */
export function isFalseAcknowledgement(noticeMessage: string | undefined): boolean {
  return /wait for synchronous replication/.test(noticeMessage ?? '');
}

const builders = new WeakMap<pg.ClientBase, Transaction>();

/** The query builder of a connection; made once a connection, because making it costs more than a query. */
export function queryBuilder(client: pg.PoolClient): Transaction {
  let builder = builders.get(client);
  if (!builder) {
    builder = drizzle(client, { casing: 'snake_case' });
    builders.set(client, builder);
  }
  return builder;
}
