import type { Transaction } from '@shop/database/connection.ts';
import type { Database } from '@shop/database/database.ts';
import { type SQL, sql } from 'drizzle-orm';
import type { Logger } from 'pino';
import { v7 as uuid } from 'uuid';

const everyMs = 10 * 60_000;
/** Small enough that a batch delays no other statement. */
const batchSize = 1_000;
const day = 24 * 3600_000;

/** What is over, by table; each is safe to delete twice, and nothing reads it any more. */
export function overdue(now: number): Record<string, SQL> {
  // Ids are UUIDv7, so the primary key finds what is old without an index of its own.
  const monthOld = uuid({ msecs: now - 30 * day, random: new Uint8Array(16), seq: 0 });
  return {
    // A key holds for 24 h (docs/api.md); an hour more, so that none goes while its last replay is being answered.
    idempotency_keys: sql`created_at < now() - interval '25 hours'`,
    sessions: sql`expires_at < now()`,
    // Nothing was sent, or the client never said that it was complete.
    uploads: sql`status = 'pending' AND expires_at < now() - interval '1 day'`,
    // A month, so that an order's history can be looked up.
    outbox: sql`id < ${monthOld}::uuid AND done_at IS NOT NULL`,
  };
}

/**
 * Deletes one batch. The condition stands inside the locking part, which sees the newest version of a row: a key that
 * is used again in this moment stays. Rows that another worker is at are left to it.
 */
export async function deleteBatch(tx: Transaction, table: string, condition: SQL): Promise<number> {
  const name = sql.identifier(table);
  const deleted = await tx.execute(sql`
    DELETE FROM ${name} WHERE ctid = ANY (ARRAY(
      SELECT ctid FROM ${name} WHERE ${condition} LIMIT ${batchSize} FOR UPDATE SKIP LOCKED
    ))`);
  return deleted.rowCount ?? 0;
}

/** Every worker cleans up now and then. @returns stops it. */
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
