import { createHash, randomUUID } from 'node:crypto';
import type { KeyedCall } from '../idempotency/idempotency.service.ts';

/**
 * The key under which a cart remembers a change, so that a repeated call changes nothing. If the client sends no key,
 * the server makes one for its own retries during a failover.
 */
export type CallKey = { field: string; bodyHash: string; ttlSeconds: number; made: 'client' | 'server' };

/** How many clients' keys a cart remembers. A shopper never reaches it; a program gets 429 until keys expire. */
export const maxKeys = 1_000;

const clientTtlSeconds = 24 * 3600;
/** A request is given up much sooner. */
export const longerThanARequestSeconds = 30;

/** The key of a call that may have come with an `Idempotency-Key`. */
export function callKey({ route, key, bodyHash }: KeyedCall): CallKey {
  if (key === null) return serverCallKey();
  const field = createHash('sha256').update(`${route} ${key}`).digest('base64url');
  return { field, bodyHash, ttlSeconds: clientTtlSeconds, made: 'client' };
}

/** A key for a change to which the client gave no key. */
export function serverCallKey(): CallKey {
  return { field: randomUUID(), bodyHash: '-', ttlSeconds: longerThanARequestSeconds, made: 'server' };
}
