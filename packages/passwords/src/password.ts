import { randomUUID } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';

/**
 * Argon2id with OWASP's first recommendation (https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html):
 * 19 MiB, two passes, one lane. About 25 ms of one core, so a replica can check some dozens of passwords a second.
 */
const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** @returns the hash with its salt and parameters in PHC string format. */
export async function hashPassword(password: string): Promise<string> {
  return await hash(password, parameters);
}

const nobodysHash = hashPassword(randomUUID());

/**
 * `passwordHash` is null for an account that does not exist: the check takes the same time, and the result is false.
 */
export async function verifyPassword(passwordHash: string | null, password: string): Promise<boolean> {
  const matches = await verify(passwordHash ?? (await nobodysHash), password);
  return matches && passwordHash !== null;
}
