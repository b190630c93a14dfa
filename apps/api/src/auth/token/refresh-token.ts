import { createHash, createHmac, randomBytes } from 'node:crypto';

/** The prefix by which scanners for leaked secrets recognise a token. */
const prefix = 'shop_rt_';

/** The first refresh token of a family: 256 random bits. */
export function newRefreshToken(): string {
  return prefix + randomBytes(32).toString('base64url');
}

/**
 * The successor of `token`. It is derived and not random: a client that repeats a call because the answer was lost
 * receives the same successor, and Postgres need not store it. Without `key` the successor cannot be computed from the
 * token.
 */
export function successorOf(token: string, key: Uint8Array): string {
  return prefix + createHmac('sha256', key).update(token).digest('base64url');
}

/** The only form in which a refresh token is stored: reading the table does not give a token to log in with. */
export function refreshTokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** What Postgres knows about a refresh token that a client has sent. */
export type PresentedToken = {
  expiresAt: Date;
  usedAt: Date | null;
  /** When the successor was used; undefined while there is no successor. */
  successorUsedAt: Date | null | undefined;
};

/**
 * - `rotate`: it is the newest of its family, and is exchanged for its successor.
 * - `repeat`: it was exchanged a moment ago, and no client has used the successor. The same call came twice, at once or
 *   because its answer was lost. The answer names the same successor.
 * - `reused`: it was exchanged before. Two clients have it, so one of them may have stolen it: the family ends.
 * - `expired`: it was not used in time.
 */
export type Verdict = 'rotate' | 'repeat' | 'reused' | 'expired';

/** @param graceSeconds how long after its first use the same token may come again (RFC 9700 §4.14.2). */
export function judgeRefreshToken(
  { expiresAt, usedAt, successorUsedAt }: PresentedToken,
  { now, graceSeconds }: { now: Date; graceSeconds: number },
): Verdict {
  if (usedAt === null) return expiresAt > now ? 'rotate' : 'expired';
  const inTime = now.getTime() - usedAt.getTime() <= graceSeconds * 1000;
  return inTime && successorUsedAt === null ? 'repeat' : 'reused';
}
