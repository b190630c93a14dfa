import type { Transaction } from '@shop/database/connection.ts';
import { idempotencyKeys } from '@shop/database/schema/idempotency-keys.ts';
import { inside, type NamedStatement } from '@shop/database/statement.ts';
import { and, eq, sql } from 'drizzle-orm';

export type KeyId = { owner: string; route: string; key: string };

const matches = ({ owner, route, key }: KeyId) =>
  and(eq(idempotencyKeys.owner, owner), eq(idempotencyKeys.route, route), eq(idempotencyKeys.key, key));

/** `set_config` is evaluated before the row is inserted, so the wait for another transaction's row has this limit. */
const takeKey: NamedStatement = {
  name: 'take_key',
  text: `INSERT INTO idempotency_keys AS kept (owner, route, key, body_hash)
    SELECT $1::text, $2::text, $3::text, $4::text FROM set_config('lock_timeout', $5::text, true)
    ON CONFLICT (owner, route, key) DO UPDATE SET body_hash = excluded.body_hash, status = NULL, response = NULL,
      context = '{}', replayed_at = NULL, created_at = now()
    WHERE kept.created_at < now() - interval '24 hours'
    RETURNING key`,
};
const endWait: NamedStatement = { name: 'end_wait', text: 'SET LOCAL lock_timeout TO DEFAULT' };

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
  const run = inside(tx);
  // One round trip: the connection is pipelined. The role's own lock_timeout comes back after the insert.
  const [claimed] = await Promise.all([
    run(takeKey, [id.owner, id.route, id.key, bodyHash, waitMs]),
    run(endWait),
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
  const { status, response, context } = answer;
  await inside(tx)(keepAnswer, [id.owner, id.route, id.key, status, response, JSON.stringify(context)]);
}

const keepAnswer: NamedStatement = {
  name: 'keep_answer',
  text: `UPDATE idempotency_keys SET status = $4::int, response = $5::text, context = $6::jsonb
    WHERE owner = $1::text AND route = $2::text AND key = $3::text`,
};
