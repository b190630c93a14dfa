import type pg from 'pg';
import { createPool } from './connection.ts';
import type { Consistency } from './consistency.ts';
import { type CommitRecord, type CommitRules, Primary } from './primary.ts';
import { type ReadRecord, ReplicaReader } from './replica.ts';

/** The state of a pool of connections: `waiting` callers wait for one of them. */
export type PoolState = { total: number; idle: number; waiting: number };

export type DatabaseOptions = {
  primaryUrl: string;
  replicaUrl: string;
  password: string;
  maxConnections?: number;
  /** Called for every read: which node served it, and why that one. */
  onRead?: (record: ReadRecord) => void;
  /** Called for every commit. */
  onCommit?: (record: CommitRecord) => void;
  /** Off only in a test: a read then fails when its replica is gone, and does not go to another node. */
  fallBackToPrimary?: boolean;
  /** Off only in a test: a session that has written may then read from a replica that has not replayed the write. */
  checkWatermark?: boolean;
  commitRules?: CommitRules;
};

/** The call site says where a query goes: `db.primary` or `db.replica(consistency)`. */
export type Database = {
  primary: Primary;
  replica(consistency: Consistency): ReplicaReader;
  /** Resolves when Postgres answers within its time limit, for health checks: a replica, or the primary. */
  ping(node?: 'replica' | 'primary'): Promise<void>;
  /**
   * Makes every replica's replay position move, so that a replica that lags 30 s differs from one that had nothing to
   * replay.
   */
  heartbeat(): Promise<void>;
  pools(): Record<'primary' | 'replicas', PoolState>;
  close(): Promise<void>;
};

export function openDatabase(options: DatabaseOptions): Database {
  const {
    primaryUrl,
    replicaUrl,
    password,
    maxConnections = 20,
    onRead = () => {},
    onCommit,
    fallBackToPrimary = true,
    checkWatermark = true,
    commitRules,
  } = options;
  // A write may wait for a failover within the request's deadline. If it gave up its place in the queue early, newer
  // requests would overtake it again and again. A read can go to another node instead.
  const primary = createPool({
    url: primaryUrl,
    password,
    maxConnections,
    queryTimeoutMs: 7_000,
    waitTimeoutMs: 5_000,
  });
  const replicas = createPool({
    url: replicaUrl,
    password,
    maxConnections,
    queryTimeoutMs: 1_500,
    waitTimeoutMs: 500,
  });
  return {
    primary: new Primary(primary, commitRules, onCommit),
    replica: (consistency) =>
      new ReplicaReader({ primary, replicas, onRead, fallBackToPrimary, checkWatermark }, consistency),
    ping: async (node = 'replica') => {
      await (node === 'primary' ? primary : replicas).with((client) => client.query('SELECT 1'));
    },
    heartbeat: async () => {
      await primary.with((client) => client.query("SELECT pg_logical_emit_message(true, 'heartbeat', '')"));
    },
    pools: () => ({ primary: stateOf(primary), replicas: stateOf(replicas) }),
    close: async () => {
      await Promise.all([primary.end(), replicas.end()]);
    },
  };
}

const stateOf = ({ totalCount, idleCount, waitingCount }: pg.Pool): PoolState => ({
  total: totalCount,
  idle: idleCount,
  waiting: waitingCount,
});
