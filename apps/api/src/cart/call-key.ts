import { createHash, randomUUID } from 'node:crypto';
import type { KeyedCall } from '../idempotency/idempotency.service.ts';

/**
 * Under what a change of a cart is remembered, so that a repetition changes nothing. Without a key of the client, the
 * server makes one for the repetitions that it makes itself while a store fails over.
 */
export type CallKey = { field: string; bodyHash: string; ttlSeconds: number; made: 'client' | 'server' };

/** The most keys of clients that a cart remembers. A shopper never comes near; a program is told to wait. */
export const maxKeys = 1_000;

const clientTtlSeconds = 24 * 3600;
/** Longer than a request lives. */
const serverTtlSeconds = 30;

/** The key of a call that may have come with an `Idempotency-Key`. */
export function callKey({ route, key, bodyHash }: KeyedCall): CallKey {
  if (key === null) return serverCallKey();
  const field = createHash('sha256').update(`${route} ${key}`).digest('base64url');
  return { field, bodyHash, ttlSeconds: clientTtlSeconds, made: 'client' };
}

/** A key for a change that no client asked for by a key. */
export function serverCallKey(): CallKey {
  return { field: randomUUID(), bodyHash: '-', ttlSeconds: serverTtlSeconds, made: 'server' };
}
