import type { Transaction } from '@shop/database/connection.ts';
import type { Database } from '@shop/database/database.ts';
import { type SQL, sql } from 'drizzle-orm';
import type { Logger } from 'pino';
import { v7 as uuid } from 'uuid';

const everyMs = 10 * 60_000;
/** Small enough that a batch does not delay other statements. */
const batchSize = 1_000;
const day = 24 * 3600_000;

/** What has expired, by table. No code reads it any more, and deleting it twice is safe. */
export function overdue(now: number): Record<string, SQL> {
  // Ids are UUIDv7, so the primary key also finds old rows: they need no index of their own.
  const monthOld = uuid({ msecs: now - 30 * day, random: new Uint8Array(16), seq: 0 });
  return {
    // A key is valid for 24 h (docs/api.md). It stays an hour longer, so that it is still there while its last replay
    // is answered.
    idempotency_keys: sql`created_at < now() - interval '25 hours'`,
    sessions: sql`expires_at < now()`,
    // Nothing was sent, or the client never said that it was complete.
    uploads: sql`status = 'pending' AND expires_at < now() - interval '1 day'`,
    // A month, so that an order's history can be looked up.
    outbox: sql`id < ${monthOld}::uuid AND done_at IS NOT NULL`,
    token_families: sql`expires_at < now()`,
    refresh_tokens: sql`expires_at < now()`,
    // A key signs until a newer one exists, and its last token lives an hour at most (TOKEN_ACCESS_TTL_SECONDS).
    token_keys: sql`EXISTS (
      SELECT FROM token_keys AS newer
      WHERE newer.created_at > token_keys.created_at AND newer.created_at < now() - interval '1 day'
    )`,
  };
}

/**
 * Deletes one batch. The condition is inside the statement that locks, which sees the newest version of a row: a key
 * that is used again at this moment stays. Rows that another worker has locked are left to that worker.
 */
export async function deleteBatch(tx: Transaction, table: string, condition: SQL): Promise<number> {
  const name = sql.identifier(table);
  const deleted = await tx.execute(sql`
    DELETE FROM ${name} WHERE ctid = ANY (ARRAY(
      SELECT ctid FROM ${name} WHERE ${condition} LIMIT ${batchSize} FOR UPDATE SKIP LOCKED
    ))`);
  return deleted.rowCount ?? 0;
}

/** Starts housekeeping, which every worker does from time to time. @returns a function that stops it. */
export function startHousekeeping(db: Database, log: Logger): () => void {
  const cleanUp = async () => {
    for (const [table, condition] of Object.entries(overdue(Date.now()))) {
      let deleted: number;
      do {
        const work = (tx: Transaction) => deleteBatch(tx, table, condition);
        deleted = (await db.primary.transaction(work, { replayable: true })).value;
      } while (deleted === batchSize);
    }
  };
  const timer = setInterval(() => {
    cleanUp().catch((error) => log.warn({ err: error }, 'housekeeping failed'));
  }, everyMs);
  return () => clearInterval(timer);
}
