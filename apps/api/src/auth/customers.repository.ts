import type { User } from '@shop/contracts/accounts.ts';
import type { Transaction } from '@shop/database/connection.ts';
import { customers } from '@shop/database/schema/customers.ts';
import { eq } from 'drizzle-orm';

export const userColumns = {
  id: customers.id,
  email: customers.email,
  name: customers.name,
  role: customers.role,
  createdAt: customers.createdAt,
};

export const toUser = (row: Omit<User, 'createdAt'> & { createdAt: Date }): User => ({
  ...row,
  createdAt: row.createdAt.toISOString(),
});

/** @returns undefined when the e-mail has an account already. */
export async function insertCustomer(
  tx: Transaction,
  customer: { id: string; email: string; name: string; passwordHash: string },
): Promise<User | undefined> {
  const [row] = await tx
    .insert(customers)
    .values(customer)
    .onConflictDoNothing({ target: customers.email })
    .returning(userColumns);
  return row && toUser(row);
}

export async function findUser(tx: Transaction, id: string): Promise<User | undefined> {
  const [row] = await tx.select(userColumns).from(customers).where(eq(customers.id, id));
  return row && toUser(row);
}

/** What a login needs; the hash goes nowhere else. */
export async function findByEmail(
  tx: Transaction,
  email: string,
): Promise<{ user: User; passwordHash: string } | undefined> {
  const [row] = await tx
    .select({ ...userColumns, passwordHash: customers.passwordHash })
    .from(customers)
    .where(eq(customers.email, email));
  if (!row) return undefined;
  const { passwordHash, ...user } = row;
  return { user: toUser(user), passwordHash };
}
