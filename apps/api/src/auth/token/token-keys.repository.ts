import type { Transaction } from '@shop/database/connection.ts';
import { tokenKeys } from '@shop/database/schema/token-keys.ts';
import { desc, ne, sql } from 'drizzle-orm';

export type TokenKeyRow = typeof tokenKeys.$inferSelect;
export type PublicKeyRow = Pick<TokenKeyRow, 'kid' | 'publicKey'>;

/** The public half of every key that may have signed a token that is still valid, newest first. */
export async function listPublicKeys(tx: Transaction): Promise<PublicKeyRow[]> {
  return await tx
    .select({ kid: tokenKeys.kid, publicKey: tokenKeys.publicKey })
    .from(tokenKeys)
    .orderBy(desc(tokenKeys.createdAt), tokenKeys.kid);
}

/** The key that signs now, and how old it is in Postgres' time; undefined before the first token. */
export async function newestKey(
  tx: Transaction,
): Promise<{ kid: string; encryptedPrivateKey: string; ageSeconds: number } | undefined> {
  const [row] = await tx
    .select({
      kid: tokenKeys.kid,
      encryptedPrivateKey: tokenKeys.encryptedPrivateKey,
      ageSeconds: sql<number>`extract(epoch FROM clock_timestamp() - ${tokenKeys.createdAt})::float8`,
    })
    .from(tokenKeys)
    .orderBy(desc(tokenKeys.createdAt), tokenKeys.kid)
    .limit(1);
  return row;
}

/** A lock: one transaction at a time, over all replicas, checks whether a new key is due and makes it. */
export async function lockKeys(tx: Transaction): Promise<void> {
  await tx.execute(sql`SELECT pg_advisory_xact_lock(hashtextextended('token_keys', 0))`);
}

/** The time of the statement, not of the transaction: inside the lock it is later than that of every other key. */
export async function insertKey(tx: Transaction, key: Omit<TokenKeyRow, 'createdAt'>): Promise<void> {
  await tx
    .insert(tokenKeys)
    .values({ ...key, createdAt: sql`clock_timestamp()` })
    .onConflictDoNothing();
}

/** Revokes every other key at once: tokens that they have signed are refused. */
export async function deleteKeysBut(tx: Transaction, kid: string): Promise<number> {
  const deleted = await tx.delete(tokenKeys).where(ne(tokenKeys.kid, kid)).returning({ kid: tokenKeys.kid });
  return deleted.length;
}
