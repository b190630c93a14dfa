import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import type { QueryBuilder } from '@shop/database/connection.ts';
import { customers } from '@shop/database/schema/customers.ts';
import { hashPassword, verifyPassword } from '@shop/passwords/password.ts';
import { eq } from 'drizzle-orm';
import { v7 as uuid } from 'uuid';

export type DemoAccount = { email: string; password: string; role: 'admin' | 'customer' };

const people = [
  { email: 'admin@shop.example', name: 'Ada Shopkeeper', role: 'admin' },
  { email: 'grace@shop.example', name: 'Grace Miller', role: 'customer' },
  { email: 'linus@shop.example', name: 'Linus Berg', role: 'customer' },
] as const;

/**
 * Makes the demo accounts. Their generated passwords are only in `file`, which is written first and decides: if the
 * file is lost, new passwords are made; if the database is lost, the accounts come back with the old passwords.
 *
 * @returns how many accounts were made or got a new password; 0 in a second run.
 */
export async function seedAccounts(tx: QueryBuilder, file: string): Promise<number> {
  let changed = 0;
  for (const { email, password } of await readOrMakeAccounts(file)) {
    const { name, role } = people.find((person) => person.email === email)!;
    const [found] = await tx
      .select({ passwordHash: customers.passwordHash })
      .from(customers)
      .where(eq(customers.email, email));
    if (found && (await verifyPassword(found.passwordHash, password))) continue;
    const passwordHash = await hashPassword(password);
    await tx
      .insert(customers)
      .values({ id: uuid(), email, name, role, passwordHash })
      .onConflictDoUpdate({ target: customers.email, set: { passwordHash, role } });
    changed += 1;
  }
  return changed;
}

async function readOrMakeAccounts(file: string): Promise<DemoAccount[]> {
  if (existsSync(file)) return JSON.parse(await readFile(file, 'utf8'));
  const accounts = people.map(({ email, role }) => ({
    email,
    // 72 bits.
    password: randomBytes(9).toString('base64url'),
    role,
  }));
  // Renamed into place, so that the file is complete whenever it exists.
  await writeFile(`${file}.new`, `${JSON.stringify(accounts, null, 2)}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
  return accounts;
}
