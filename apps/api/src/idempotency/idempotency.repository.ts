import type { Transaction } from '@shop/database/connection.ts';
import { idempotencyKeys } from '@shop/database/schema/idempotency-keys.ts';
import { and, eq, sql } from 'drizzle-orm';

export type KeyId = { owner: string; route: string; key: string };

const matches = ({ owner, route, key }: KeyId) =>
  and(eq(idempotencyKeys.owner, owner), eq(idempotencyKeys.route, route), eq(idempotencyKeys.key, key));

/**
 * Takes the key for this transaction. While a concurrent duplicate holds it, this waits for the duplicate to end, at most
 * `waitMs` (then SQLSTATE 55P03). A key older than 24 h counts as free.
 *
 * @returns whether the key was free.
 */
export async function claimKey(
  tx: Transaction,
  id: KeyId,
  bodyHash: string,
  waitMs: number,
): Promise<boolean> {
  // One round trip: the connection is pipelined. The role's own lock_timeout comes back after the insert.
  const [, claimed] = await Promise.all([
    tx.execute(sql.raw(`SET LOCAL lock_timeout = ${Math.trunc(waitMs)}`)),
    tx
      .insert(idempotencyKeys)
      .values({ ...id, bodyHash })
      .onConflictDoUpdate({
        target: [idempotencyKeys.owner, idempotencyKeys.route, idempotencyKeys.key],
        set: { bodyHash, status: null, response: null, context: {}, replayedAt: null, createdAt: sql`now()` },
        setWhere: sql`${idempotencyKeys.createdAt} < now() - interval '24 hours'`,
      })
      .returning({ key: idempotencyKeys.key }),
    tx.execute(sql`SET LOCAL lock_timeout TO DEFAULT`),
  ]);
  return claimed.length > 0;
}

const kept = {
  bodyHash: idempotencyKeys.bodyHash,
  status: idempotencyKeys.status,
  response: idempotencyKeys.response,
  context: idempotencyKeys.context,
};

/**
 * Marks the stored answer as replayed and reads it. When this mark is committed, a standby has the answer, so the
 * replay is safe to send.
 */
export async function replayKey(tx: Transaction, id: KeyId) {
  const [row] = await tx
    .update(idempotencyKeys)
    .set({ replayedAt: sql`now()` })
    .where(matches(id))
    .returning(kept);
  return row;
}

/** Only reads the stored answer: a failover may still take it back. */
export async function readKey(tx: Transaction, id: KeyId) {
  const [row] = await tx.select(kept).from(idempotencyKeys).where(matches(id));
  return row;
}

/** Stores the answer in the transaction of its effects. */
export async function saveResponse(
  tx: Transaction,
  id: KeyId,
  answer: { status: number; response: string; context: Record<string, string> },
): Promise<void> {
  await tx.update(idempotencyKeys).set(answer).where(matches(id));
}
