import { setTimeout as sleep } from 'node:timers/promises';
import { openSession, primaryNode } from '../topology/topology.ts';
import type { Shoppers } from '../workload/shoppers.ts';
import { holdTables } from './hold-tables.ts';

/**
 * Makes registrations wait up to `holdMs` for a lock on the customers, so that a replica has some in progress whenever
 * it is told to stop. No other call waits: a row that only refers to a customer needs no such lock.
 */
export async function holdRegistrations(holdMs: number): Promise<{ again(): void; end(): Promise<void> }> {
  const session = await openSession(await primaryNode());
  return {
    again() {
      session.stdin.write(
        `BEGIN; LOCK TABLE customers IN SHARE MODE; SELECT pg_sleep(${holdMs / 1_000}); COMMIT;\n`,
      );
    },
    async end() {
      session.stdin.end();
      await session.ended;
    },
  };
}

/**
 * Three for each replica: fewer than a replica admits at the least. Each hashes a password, which takes more processor
 * time than any other call.
 */
const registrations = { atOnce: 9, held: 6 };
/** Longer than a signal takes to arrive. */
const holdMs = 1_500;

/**
 * Strikes while replicas have registrations in progress: POSTs without a key, which no edge may repeat. They wait for a
 * lock until the strike has happened. Resolves when the strike is over and every registration is answered.
 */
export async function amidRegistrations(shoppers: Shoppers, strike: () => Promise<void>): Promise<void> {
  const customers = holdTables(['customers']);
  try {
    await customers.strike();
    const answered = shoppers.burst('unkeyed', registrations.atOnce);
    await customers.untilHeld(registrations.held);
    await Promise.all([strike(), answered, sleep(holdMs).then(() => customers.undo())]);
  } finally {
    await customers.undo();
  }
}
