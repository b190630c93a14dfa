import pWaitFor from 'p-wait-for';
import { queryNode } from './topology.ts';

/** Backends of the shop whose commit is written on the primary and waits for a standby. */
const waiting = `FROM pg_stat_activity AS backend
  WHERE wait_event = 'SyncRep' AND query LIKE 'COMMIT%' AND usename = 'shop_app'`;

/** A backend keeps its locks until its wait is over, so they tell what it has written. */
const holds = (table: string) =>
  `EXISTS (SELECT FROM pg_locks WHERE pid = backend.pid AND relation = '${table}'::regclass)`;

/** The relay's claims: a call that places an order and a job have touched the order, too. */
const claims = `${holds('outbox')} AND NOT ${holds('orders')}`;

export async function countWaitingCommits(primary: string, which = 'true'): Promise<number> {
  return Number((await queryNode(primary, `SELECT count(*) ${waiting} AND ${which}`))[0]?.[0]);
}

/** Waits until so many commits wait for a standby, so many of them of orders. */
export async function untilCommitsWait(
  primary: string,
  { all, orders }: { all: number; orders: number },
): Promise<void> {
  const enoughWait = async () =>
    (await countWaitingCommits(primary, holds('orders'))) >= orders &&
    (await countWaitingCommits(primary)) >= all;
  await pWaitFor(enoughWait, {
    interval: 50,
    timeout: {
      milliseconds: 5_000,
      message: `fewer than ${all} commits, or than ${orders} of orders, wait for a standby`,
    },
  });
}

/** Waits until a relay has claimed events and its claim waits for a standby: nothing of it is published yet. */
export async function untilClaimWaits(primary: string): Promise<void> {
  await pWaitFor(async () => (await countWaitingCommits(primary, claims)) > 0, {
    interval: 50,
    timeout: { milliseconds: 5_000, message: 'no claim of the relay waits for a standby' },
  });
}

/**
 * Ends the backends that wait, as a crash of the server does: their commits stand on this node from now on,
 * where every reader sees them, and on no other.
 */
export async function terminateWaitingCommits(primary: string): Promise<void> {
  await queryNode(primary, `SELECT pg_terminate_backend(pid) ${waiting}`);
}
