import type { Program } from '@shop/docker/in-container.ts';
import pWaitFor from 'p-wait-for';
import { openSession, primaryNode, queryNode } from '../topology/topology.ts';
import type { Fault } from './fault.ts';

/**
 * Locks tables of the shop's database against writes. A call or a job that has done all its other work then waits at
 * its last step. This holds open a moment that otherwise lasts milliseconds. It must last less than 5 s, because a
 * statement waits no longer for a lock. Rows that refer to a row of a locked table can be written.
 */
export function holdTables(tables: string[]): Fault & { untilHeld(count: number): Promise<void> } {
  const names = tables.join(', ');
  let session: Program | undefined;
  let primary = '';
  return {
    name: `${names} held`,
    async strike() {
      primary = await primaryNode();
      session = await openSession(primary);
      session.stdin.write(`BEGIN; LOCK TABLE ${names} IN SHARE MODE;\n`);
      await until(async () => (await count(`granted AND mode = 'ShareLock'`)) > 0, 'the lock is not granted');
    },
    async undo() {
      session?.stdin.end('COMMIT;\n');
      await session?.ended;
      session = undefined;
    },
    /** Waits until so many transactions wait to write, for each of the tables. */
    async untilHeld(wanted) {
      const message = `fewer than ${wanted} transactions wait for each of ${names}`;
      await until(async () => (await count('NOT granted')) >= wanted, message);
    },
  };

  /** Waiting locks of that kind: the smallest number over the tables. */
  async function count(which: string): Promise<number> {
    const counts = tables.map((name) => `count(*) FILTER (WHERE relation = '${name}'::regclass)`);
    const [row] = await queryNode(primary, `SELECT ${counts.join(', ')} FROM pg_locks WHERE ${which}`);
    return Math.min(...(row ?? []).map(Number));
  }
}

const until = (condition: () => Promise<boolean>, message: string) =>
  pWaitFor(condition, { interval: 50, timeout: { milliseconds: 4_000, message } });
