import pWaitFor from 'p-wait-for';
import { openSession, primaryNode, queryNode, running } from '../topology/topology.ts';
import type { Fault } from './fault.ts';

/** Of our own books; the provider and the mail server have theirs elsewhere. */
const tables = 'payments, mails';

/**
 * Locks the tables in which the workers record what they have done. The money is taken and the mail is sent, and no job
 * can be completed: that is the moment between a job's effect and its completion, held open. For less than 5 s, since
 * a statement waits no longer for a lock.
 */
export function holdRecords(): Fault & { untilHeld(count: number): Promise<void> } {
  let session: ReturnType<typeof openSession> | undefined;
  let primary = '';
  return {
    name: 'records held',
    async strike() {
      primary = await primaryNode();
      const [container] = await running(primary);
      session = openSession(container!);
      session.stdin.write(`BEGIN; LOCK TABLE ${tables} IN SHARE MODE;\n`);
      await until(async () => (await count(`granted AND mode = 'ShareLock'`)) > 0, 'the lock is not granted');
    },
    async undo() {
      session?.stdin.end('COMMIT;\n');
      await session;
    },
    /** Waits until so many effects have happened that cannot be recorded, in each of the tables. */
    async untilHeld(wanted) {
      await until(
        async () => (await count('NOT granted')) >= wanted,
        `fewer than ${wanted} payments and mails wait to be recorded`,
      );
    },
  };

  /** The smaller of the numbers of both tables. */
  async function count(which: string): Promise<number> {
    const rows = await queryNode(
      primary,
      `SELECT count(*) FILTER (WHERE relation = 'payments'::regclass),
              count(*) FILTER (WHERE relation = 'mails'::regclass)
         FROM pg_locks WHERE ${which}`,
    );
    return Math.min(...(rows[0] ?? []).map(Number));
  }
}

const until = (condition: () => Promise<boolean>, message: string) =>
  pWaitFor(condition, { interval: 50, timeout: { milliseconds: 4_000, message } });
