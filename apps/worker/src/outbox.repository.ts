import type { Topic } from '@shop/contracts/jobs.ts';
import type { Transaction } from '@shop/database/connection.ts';
import { outbox } from '@shop/database/schema/outbox.ts';
import { and, asc, count, eq, inArray, isNull, lt, min, type SQL, sql } from 'drizzle-orm';

export type ClaimedEvent = { id: string; topic: Topic; payload: Record<string, string> };

/** Takes events that no relay has taken yet; two relays at once take different ones. */
export async function claimNew(tx: Transaction, limit: number): Promise<ClaimedEvent[]> {
  return await claim(tx, isNull(outbox.claimedAt), asc(outbox.id), limit);
}

/** Takes events again that were taken `staleMs` ago or longer and are not done. */
export async function claimStale(tx: Transaction, staleMs: number, limit: number): Promise<ClaimedEvent[]> {
  const stale = and(isNull(outbox.doneAt), lt(outbox.claimedAt, sql`now() - ${staleMs} * interval '1 ms'`));
  return await claim(tx, stale, asc(outbox.claimedAt), limit);
}

async function claim(tx: Transaction, which: SQL | undefined, order: SQL, limit: number) {
  const ids = tx
    .select({ id: outbox.id })
    .from(outbox)
    .where(which)
    .orderBy(order)
    .limit(limit)
    .for('update', { skipLocked: true });
  return (await tx
    .update(outbox)
    .set({ claimedAt: sql`now()`, publishCount: sql`${outbox.publishCount} + 1` })
    .where(inArray(outbox.id, ids))
    .returning({ id: outbox.id, topic: outbox.topic, payload: outbox.payload })) as ClaimedEvent[];
}

/**
 * Counts a worker's attempt. What the same transaction reads is safe to act on once it has committed, because that
 * commit waits for a standby and everything before it is there too.
 *
 * @returns false when the event is done already, or gone.
 */
export async function beginAttempt(tx: Transaction, id: string): Promise<boolean> {
  const [event] = await tx
    .update(outbox)
    .set({ attemptCount: sql`${outbox.attemptCount} + 1` })
    .where(eq(outbox.id, id))
    .returning({ doneAt: outbox.doneAt });
  return event !== undefined && event.doneAt === null;
}

/** Belongs into the transaction of the event's own effect. */
export async function markDone(tx: Transaction, id: string): Promise<void> {
  await tx
    .update(outbox)
    .set({ doneAt: sql`coalesce(${outbox.doneAt}, now())`, lastError: null })
    .where(eq(outbox.id, id));
}

export async function noteFailure(tx: Transaction, id: string, message: string): Promise<void> {
  await tx
    .update(outbox)
    .set({ lastError: message.replaceAll('\0', '').slice(0, 500) })
    .where(and(eq(outbox.id, id), isNull(outbox.doneAt)));
}

/** What waits, by topic; `ageSeconds` is that of the oldest. */
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
