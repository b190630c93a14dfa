import { randomBytes } from 'node:crypto';

/**
 * Whether a session id belongs to a customer or a guest. The id itself says so. When no store knows the id any more, a
 * customer still gets the answer that the session has ended, and a guest continues as a guest. `unknown` are ids of
 * earlier releases.
 */
export type SessionKind = 'customer' | 'guest' | 'unknown';

const prefixes = { customer: 'c', guest: 'g' } as const;
/** 256 bits in base64url. */
const randomLength = 43;

/** A new id: its kind and 256 random bits. */
export function newSessionId(kind: 'customer' | 'guest'): string {
  return prefixes[kind] + randomBytes(32).toString('base64url');
}

/** The kind of an id. Call it only with ids whose signature has been verified. */
export function sessionKind(id: string): SessionKind {
  if (id.length !== randomLength + 1) return 'unknown';
  if (id.startsWith(prefixes.customer)) return 'customer';
  return id.startsWith(prefixes.guest) ? 'guest' : 'unknown';
}
