/** How long sessions live: `ttlSeconds` after their last use, and `maxAgeSeconds` after the login at most. */
export type SessionLife = { ttlSeconds: number; maxAgeSeconds: number };

const hourMs = 3_600_000;

/**
 * When a session should expire from now on, or null while moving its expiry is not worth a write: at most once an hour,
 * or once in a quarter of a shorter life.
 *
 * @param loggedInAt when the session began: its age is bounded, however active it is.
 */
export function nextExpiry(
  { ttlSeconds, maxAgeSeconds }: SessionLife,
  { loggedInAt, expiresAt }: { loggedInAt: Date; expiresAt: Date },
  now = Date.now(),
): Date | null {
  const ttlMs = ttlSeconds * 1_000;
  const next = Math.min(now + ttlMs, loggedInAt.getTime() + maxAgeSeconds * 1_000);
  return next - expiresAt.getTime() >= Math.min(hourMs, ttlMs / 4) ? new Date(next) : null;
}
