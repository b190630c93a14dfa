import type { LoggedIn, LoginBody, RegisterBody, User } from '@shop/contracts/accounts.ts';
import type { Transaction } from '@shop/database/connection.ts';
import type { Consistency } from '@shop/database/consistency.ts';
import type { Database } from '@shop/database/database.ts';
import type { Committed } from '@shop/database/primary.ts';
import { hashPassword, verifyPassword } from '@shop/passwords/password.ts';
import { v7 as uuid } from 'uuid';
import {
  type KeyedCall,
  type KeyedResponse,
  withIdempotencyKey,
} from '../idempotency/idempotency.service.ts';
import { ProblemError } from '../problem-error.ts';
import { findByEmail, findUser, insertCustomer } from './customers.repository.ts';
import { deleteSession, insertSession } from './sessions.repository.ts';

/** A session that is about to begin, and the customer's session that it replaces. */
export type NewSession = { idHash: string; expiresAt: Date; previousIdHash: string | null };

/**
 * Makes an account and logs it in, in one transaction. A repetition with the same key gives the first answer and logs
 * in again. The key belongs to the e-mail address, so the repetition may come from another session.
 *
 * @throws ProblemError `email-taken`.
 */
export async function register(
  db: Database,
  call: KeyedCall,
  { account, session }: { account: RegisterBody; session: NewSession },
): Promise<Committed<KeyedResponse>> {
  const { email, name, password } = account;
  // Hashed before the transaction, which would otherwise hold a connection of the pool for that time.
  const passwordHash = await hashPassword(password);
  const committed = await withIdempotencyKey(db, call, async (tx) => {
    const user = await insertCustomer(tx, { id: uuid(), email, name, passwordHash });
    if (!user) throw new ProblemError('email-taken');
    await beginSession(tx, session, user.id);
    // A new customer's cart is empty, so the whole cart of a guest fits into it.
    const body: LoggedIn = { ...user, notMerged: [] };
    return { status: 201, body, context: { customerId: user.id } };
  });
  if (!committed.value.replayed) return committed;
  const customerId = committed.value.context.customerId as string;
  const { watermark } = await db.primary.transaction((tx) => beginSession(tx, session, customerId), {
    deadline: call.deadline,
    replayable: true,
  });
  return { value: committed.value, watermark };
}

/**
 * The customer with this e-mail and password. The check takes as long for an e-mail without an account.
 *
 * @throws ProblemError `invalid-credentials`.
 */
export async function checkPassword(
  db: Database,
  { email, password }: LoginBody,
  deadline?: AbortSignal,
): Promise<User> {
  const found = await db.replica('primary').read((tx) => findByEmail(tx, email), deadline);
  const matches = await verifyPassword(found?.passwordHash ?? null, password);
  if (!found || !matches) throw new ProblemError('invalid-credentials');
  return found.user;
}

/**
 * Checks the password. In one transaction it then begins the session and ends the one that it replaces.
 *
 * @throws ProblemError `invalid-credentials`.
 */
export async function logIn(
  db: Database,
  { login, session }: { login: LoginBody; session: NewSession },
  deadline?: AbortSignal,
): Promise<Committed<User>> {
  const user = await checkPassword(db, login, deadline);
  return await db.primary.transaction(
    async (tx) => {
      await beginSession(tx, session, user.id);
      return user;
    },
    { deadline, replayable: true },
  );
}

async function beginSession(
  tx: Transaction,
  { idHash, expiresAt, previousIdHash }: NewSession,
  customerId: string,
): Promise<void> {
  await Promise.all([
    insertSession(tx, { idHash, customerId, expiresAt }),
    previousIdHash && deleteSession(tx, previousIdHash),
  ]);
}

/** Postgres deletes the session first: after that no replica can make a new copy of it. */
export async function logOut(db: Database, idHash: string, deadline?: AbortSignal): Promise<void> {
  await db.primary.transaction((tx) => deleteSession(tx, idHash), { deadline, replayable: true });
}

/** The account of a session. A replica may not know it yet when the request carries no watermark. */
export async function whoAmI(
  db: Database,
  { id, consistency }: { id: string; consistency: Consistency },
  deadline?: AbortSignal,
): Promise<User> {
  const read = (from: Consistency) => db.replica(from).read((tx) => findUser(tx, id), deadline);
  const user = (await read(consistency)) ?? (await read('primary'));
  if (!user) throw new ProblemError('not-authenticated');
  return user;
}
