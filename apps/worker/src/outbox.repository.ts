import type { Topic } from '@shop/contracts/jobs.ts';
import type { Transaction } from '@shop/database/connection.ts';
import { outbox } from '@shop/database/schema/outbox.ts';
import { inside, type NamedStatement, type RunStatement } from '@shop/database/statement.ts';
import { count, isNull, min, sql } from 'drizzle-orm';

export type ClaimedEvent = {
  id: string;
  topic: Topic;
  payload: Record<string, string>;
  traceparent: string | null;
};

/** Two relays that claim at once claim different events. */
const claim = (name: string, which: string): NamedStatement => ({
  name,
  text: `UPDATE outbox SET claimed_at = now(), publish_count = publish_count + 1
    WHERE id IN (SELECT id FROM outbox WHERE ${which} LIMIT $1::int FOR UPDATE SKIP LOCKED)
    RETURNING id, topic, payload, traceparent`,
});
const unclaimed = claim('relay_claim_new', 'claimed_at IS NULL ORDER BY id');
const stale = claim(
  'relay_claim_stale',
  "done_at IS NULL AND claimed_at < now() - $2::int * interval '1 ms' ORDER BY claimed_at",
);

/** Claims events that no relay has claimed. */
export async function claimNew(run: RunStatement, limit: number): Promise<ClaimedEvent[]> {
  return await run(unclaimed, [limit]);
}

/** Claims events again that were claimed at least `staleMs` ago and are not done. */
export async function claimStale(run: RunStatement, staleMs: number, limit: number): Promise<ClaimedEvent[]> {
  return await run(stale, [limit, staleMs]);
}

/** A run of a job for an event. The queue has started this job so often, including runs in workers that died. */
export type JobRun = { id: string; runs: number };

/**
 * The new number of attempts of the row, in SQL. A run stores it when it ends, and then adds the runs that died, which the
 * queue has counted. If the queue lost the job, it counts from the beginning.
 */
const counted = (runs: string) => `greatest(outbox.attempt_count + 1, ${runs})`;

/**
 * Whether an event still waits for its effect, in a separate commit. It is safe to act on what this transaction reads:
 * its commit waits for a standby, which then has everything before it, too. A run that finds the event done ends here,
 * and is counted here.
 *
 * @returns false when the event is done already, or gone.
 */
export async function confirmOpen(tx: Transaction, { id, runs }: JobRun): Promise<boolean> {
  const [event] = await inside(tx)<{ waits: boolean }>(countIfDone, [id, runs]);
  return event?.waits ?? false;
}

const countIfDone: NamedStatement = {
  name: 'confirm_open',
  text: `UPDATE outbox
    SET attempt_count = CASE WHEN done_at IS NULL THEN attempt_count ELSE ${counted('$2::int')} END
    WHERE id = $1::uuid
    RETURNING done_at IS NULL AS waits`,
};

/** Called in the transaction of the events' effects. */
export async function markDone(tx: Transaction, runs: JobRun[]): Promise<void> {
  if (runs.length === 0) return;
  await inside(tx)(setDone, [runs.map(({ id }) => id), runs.map(({ runs: count }) => count)]);
}

const setDone: NamedStatement = {
  name: 'mark_done',
  text: `UPDATE outbox SET done_at = coalesce(done_at, now()), last_error = NULL, attempt_count = ${counted('run.runs')}
    FROM unnest($1::uuid[], $2::int[]) AS run (id, runs)
    WHERE outbox.id = run.id`,
};

export async function noteFailure(tx: Transaction, { id, runs }: JobRun, message: string): Promise<void> {
  await inside(tx)(setFailure, [id, runs, message.replaceAll('\0', '').slice(0, 500)]);
}

const setFailure: NamedStatement = {
  name: 'note_failure',
  text: `UPDATE outbox SET last_error = $3::text, attempt_count = ${counted('$2::int')}
    WHERE id = $1::uuid AND done_at IS NULL`,
};

/** Events that wait, by topic; `ageSeconds` is the age of the oldest. */
export async function countWaiting(tx: Transaction) {
  return await tx
    .select({
      topic: outbox.topic,
      waiting: count(),
      ageSeconds: sql<number>`extract(epoch FROM now() - ${min(outbox.createdAt)})::float8`,
    })
    .from(outbox)
    .where(isNull(outbox.doneAt))
    .groupBy(outbox.topic);
}
