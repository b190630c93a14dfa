import type { User } from '@shop/contracts/accounts.ts';
import type { Transaction } from '@shop/database/connection.ts';
import { customers } from '@shop/database/schema/customers.ts';
import { sessions } from '@shop/database/schema/sessions.ts';
import { and, eq, gt, lt, sql } from 'drizzle-orm';
import { toUser, userColumns } from './customers.repository.ts';

export type StoredSession = { user: User; createdAt: Date; expiresAt: Date };

/** Logs a customer in. A second call with the same id changes nothing. */
export async function insertSession(
  tx: Transaction,
  session: { idHash: string; customerId: string; expiresAt: Date },
): Promise<void> {
  await tx.insert(sessions).values(session).onConflictDoNothing();
}

/** @returns undefined for a session that ended, expired or never was. */
export async function findSession(tx: Transaction, idHash: string): Promise<StoredSession | undefined> {
  const [row] = await tx
    .select({
      user: userColumns,
      createdAt: sessions.createdAt,
      expiresAt: sessions.expiresAt,
    })
    .from(sessions)
    .innerJoin(customers, eq(customers.id, sessions.customerId))
    .where(and(eq(sessions.idHash, idHash), gt(sessions.expiresAt, sql`now()`)));
  return row && { ...row, user: toUser(row.user) };
}

/** Extends a live session. @returns false when it has ended or another request has extended it as far. */
export async function extendSession(tx: Transaction, idHash: string, expiresAt: Date): Promise<boolean> {
  const moved = await tx
    .update(sessions)
    .set({ expiresAt })
    .where(
      and(eq(sessions.idHash, idHash), gt(sessions.expiresAt, sql`now()`), lt(sessions.expiresAt, expiresAt)),
    )
    .returning({ idHash: sessions.idHash });
  return moved.length > 0;
}

export async function deleteSession(tx: Transaction, idHash: string): Promise<void> {
  await tx.delete(sessions).where(eq(sessions.idHash, idHash));
}
