import type { Role } from '@shop/contracts/accounts.ts';
import type { Transaction } from '@shop/database/connection.ts';
import { customers } from '@shop/database/schema/customers.ts';
import { refreshTokens, tokenFamilies } from '@shop/database/schema/refresh-tokens.ts';
import { sessions } from '@shop/database/schema/sessions.ts';
import { and, eq, gt, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { PresentedToken } from './refresh-token.ts';

export type Family = { id: string; customerId: string; role: Role; expiresAt: Date };

/** Begins a family with its first token. A second call with the same values changes nothing. */
export async function insertFamily(
  tx: Transaction,
  family: { id: string; customerId: string; expiresAt: Date },
  token: { tokenHash: string; expiresAt: Date },
): Promise<void> {
  await tx.insert(tokenFamilies).values(family).onConflictDoNothing();
  await insertRefreshToken(tx, { ...token, familyId: family.id });
}

export async function insertRefreshToken(
  tx: Transaction,
  token: { tokenHash: string; familyId: string; expiresAt: Date },
): Promise<void> {
  await tx.insert(refreshTokens).values(token).onConflictDoNothing();
}

/**
 * The live family that a token belongs to, locked until the end of the transaction: two calls with tokens of one family
 * come one after the other. @returns undefined when the token was never issued, or its family has ended.
 */
export async function lockFamilyOf(tx: Transaction, tokenHash: string): Promise<Family | undefined> {
  const familyId = tx
    .select({ id: refreshTokens.familyId })
    .from(refreshTokens)
    .where(eq(refreshTokens.tokenHash, tokenHash));
  const [row] = await tx
    .select({
      id: tokenFamilies.id,
      customerId: tokenFamilies.customerId,
      role: customers.role,
      expiresAt: tokenFamilies.expiresAt,
    })
    .from(tokenFamilies)
    .innerJoin(customers, eq(customers.id, tokenFamilies.customerId))
    .where(and(eq(tokenFamilies.id, familyId), gt(tokenFamilies.expiresAt, sql`now()`)))
    .for('update', { of: tokenFamilies });
  return row;
}

/** Reads a token, its successor and the time in Postgres; the caller holds the lock of their family. */
export async function findRefreshToken(
  tx: Transaction,
  tokenHash: string,
  successorHash: string,
): Promise<(PresentedToken & { successorExpiresAt: Date | null; now: Date }) | undefined> {
  const successor = alias(refreshTokens, 'successor');
  const [row] = await tx
    .select({
      expiresAt: refreshTokens.expiresAt,
      usedAt: refreshTokens.usedAt,
      successorHash: successor.tokenHash,
      successorUsedAt: successor.usedAt,
      successorExpiresAt: successor.expiresAt,
      now: sql<Date>`clock_timestamp()`.mapWith(refreshTokens.createdAt),
    })
    .from(refreshTokens)
    .leftJoin(successor, eq(successor.tokenHash, successorHash))
    .where(eq(refreshTokens.tokenHash, tokenHash));
  if (!row) return undefined;
  const { successorHash: known, successorUsedAt, ...token } = row;
  return { ...token, successorUsedAt: known === null ? undefined : successorUsedAt };
}

/** Records the time of the first use. It writes in any case: the commit then waits for a standby. */
export async function markUsed(tx: Transaction, tokenHash: string): Promise<void> {
  await tx
    .update(refreshTokens)
    .set({ usedAt: sql`coalesce(${refreshTokens.usedAt}, clock_timestamp())` })
    .where(eq(refreshTokens.tokenHash, tokenHash));
}

/** Ends a family: none of its refresh tokens is accepted any more. */
export async function deleteFamily(tx: Transaction, id: string): Promise<void> {
  await tx.delete(tokenFamilies).where(eq(tokenFamilies.id, id));
}

/** Ends every family and every session of a customer. @returns the hashes of the sessions' ids. */
export async function deleteAllLogins(tx: Transaction, customerId: string): Promise<string[]> {
  const [ended] = await Promise.all([
    tx.delete(sessions).where(eq(sessions.customerId, customerId)).returning({ idHash: sessions.idHash }),
    tx.delete(tokenFamilies).where(eq(tokenFamilies.customerId, customerId)),
  ]);
  return ended.map(({ idHash }) => idHash);
}
