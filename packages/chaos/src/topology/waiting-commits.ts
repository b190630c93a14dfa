import pWaitFor from 'p-wait-for';
import { queryNode } from './topology.ts';

/**
 * Backends of the shop whose commit is written on the primary and waits for a standby. The relay's claim commits without
 * a COMMIT of its own.
 */
const waiting = `FROM pg_stat_activity AS backend
  WHERE wait_event = 'SyncRep' AND (query LIKE 'COMMIT%' OR query LIKE 'UPDATE outbox%') AND usename = 'shop_app'`;

/** A backend keeps its locks while it waits, so the locks tell which tables it has written. */
const holds = (table: string) =>
  `EXISTS (SELECT FROM pg_locks WHERE pid = backend.pid AND relation = '${table}'::regclass)`;

/** The relay's claims: the transaction of an order or a job has also written to the orders. */
const claims = `${holds('outbox')} AND NOT ${holds('orders')}`;

export async function countWaitingCommits(primary: string, condition = 'true'): Promise<number> {
  return Number((await queryNode(primary, `SELECT count(*) ${waiting} AND ${condition}`))[0]?.[0]);
}

const which = {
  orders: holds('orders'),
  /** An order changes stock, too. */
  deliveries: `${holds('stock_changes')} AND NOT ${holds('orders')}`,
};

/** PgBouncer gives up on a statement after 7.5 s (`query_timeout`), and its client then no longer waits. */
const patienceMs = 7_000;

/** Waits until at least `count` commits of orders, or of deliveries, wait for a standby. */
export async function untilCommitsWait(
  primary: string,
  of: keyof typeof which,
  count: number,
): Promise<void> {
  await pWaitFor(async () => (await countWaitingCommits(primary, which[of])) >= count, {
    interval: 50,
    timeout: { milliseconds: patienceMs, message: `fewer than ${count} commits of ${of} wait for a standby` },
  });
}

/**
 * Waits until a relay has claimed events and the commit of that claim waits for a standby: none of them is published
 * yet.
 */
export async function untilClaimWaits(primary: string): Promise<void> {
  await pWaitFor(async () => (await countWaitingCommits(primary, claims)) > 0, {
    interval: 50,
    timeout: { milliseconds: patienceMs, message: 'no claim of the relay waits for a standby' },
  });
}

/**
 * Ends the waiting backends, as a crash of the server does: from then on every reader of this node sees their commits,
 * and no other node has them.
 */
export async function terminateWaitingCommits(primary: string): Promise<void> {
  await queryNode(primary, `SELECT pg_terminate_backend(pid) ${waiting}`);
}
