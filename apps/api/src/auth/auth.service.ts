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

/** A session that is about to begin, and the customer's session that it takes the place of. */
export type NewSession = { idHash: string; expiresAt: Date; previousIdHash: string | null };

/**
 * Makes an account and logs it in, in one transaction. A repetition with the same key gives the first answer and
 * logs in again, from whichever session it comes: the key belongs to the e-mail address.
 *
 * @throws ProblemError `email-taken`.
 */
export async function register(
  db: Database,
  call: KeyedCall,
  { email, name, password }: RegisterBody,
  session: NewSession,
  deadline?: AbortSignal,
): Promise<Committed<KeyedResponse>> {
  // Not inside the transaction, which would hold a connection of the pool meanwhile.
  const passwordHash = await hashPassword(password);
  const committed = await withIdempotencyKey(
    db,
    call,
    async (tx) => {
      const user = await insertCustomer(tx, { id: uuid(), email, name, passwordHash });
      if (!user) throw new ProblemError('email-taken');
      await beginSession(tx, session, user.id);
      // A new customer's cart is empty, so the whole cart of a guest fits into it.
      const body: LoggedIn = { ...user, notMerged: [] };
      return { status: 201, body, context: { customerId: user.id } };
    },
    deadline,
  );
  if (!committed.value.replayed) return committed;
  const customerId = committed.value.context.customerId as string;
  const { watermark } = await db.primary.transaction((tx) => beginSession(tx, session, customerId), {
    deadline,
    replayable: true,
  });
  return { value: committed.value, watermark };
}

/**
 * Checks the password and, in one transaction, begins the session and ends the one that it takes the place of.
 * An e-mail without an account takes as long.
 *
 * @throws ProblemError `invalid-credentials`.
 */
export async function logIn(
  db: Database,
  { email, password }: LoginBody,
  session: NewSession,
  deadline?: AbortSignal,
): Promise<Committed<User>> {
  const found = await db.replica('primary').read((tx) => findByEmail(tx, email), deadline);
  const matches = await verifyPassword(found?.passwordHash ?? null, password);
  if (!found || !matches) throw new ProblemError('invalid-credentials');
  const { user } = found;
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

/** Postgres forgets the session first: from then on no copy can be made. */
export async function logOut(db: Database, idHash: string, deadline?: AbortSignal): Promise<void> {
  await db.primary.transaction((tx) => deleteSession(tx, idHash), { deadline, replayable: true });
}

/** The account of a session. A replica may not know it yet when the request carries no watermark. */
export async function whoAmI(
  db: Database,
  consistency: Consistency,
  id: string,
  deadline?: AbortSignal,
): Promise<User> {
  const read = (from: Consistency) => db.replica(from).read((tx) => findUser(tx, id), deadline);
  const user = (await read(consistency)) ?? (await read('primary'));
  if (!user) throw new ProblemError('not-authenticated');
  return user;
}
