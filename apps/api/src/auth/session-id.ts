import { randomBytes } from 'node:crypto';

/**
 * Whose session an id names. The id itself says so: when no store knows the id any more, a customer is still told that
 * the session has ended, and a guest goes on as a guest. `unknown` are ids of releases before this one.
 */
export type SessionKind = 'customer' | 'guest' | 'unknown';

const prefixes = { customer: 'c', guest: 'g' } as const;
/** 256 bits in base64url. */
const randomLength = 43;

/** A new id: its kind and 256 random bits. */
export function newSessionId(kind: 'customer' | 'guest'): string {
  return prefixes[kind] + randomBytes(32).toString('base64url');
}

/** The kind that an id says. Give it only ids whose signature has been verified. */
export function sessionKind(id: string): SessionKind {
  if (id.length !== randomLength + 1) return 'unknown';
  if (id.startsWith(prefixes.customer)) return 'customer';
  return id.startsWith(prefixes.guest) ? 'guest' : 'unknown';
}
