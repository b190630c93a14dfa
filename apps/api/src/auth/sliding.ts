/** How long sessions live: `ttlSeconds` after their last use, and `maxAgeSeconds` after the login at most. */
export type SessionLife = { ttlSeconds: number; maxAgeSeconds: number };

const hourMs = 3_600_000;

/**
 * The new expiry of a session, or null while an extension is not worth a write: it is extended at most once an hour, or
 * once in a quarter of a shorter lifetime.
 *
 * @param loggedInAt when the session began: use extends it only up to its maximum age.
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
