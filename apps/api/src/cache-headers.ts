import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * The edge caches an answer for a second. A change shows within two seconds, because an older answer may still be on
 * its way to the cache. Browsers ask each time. An answer for a session that has written is never shared.
 *
 * nginx counts whole seconds, so `s-maxage=1` can last up to two seconds. An expiry time at the end of the present
 * second lasts at most one.
 */
export function setCacheHeaders(request: FastifyRequest, reply: FastifyReply): void {
  if (request.consistency === 'any') {
    reply.header('cache-control', 'public, max-age=0, s-maxage=1');
    reply.header('x-accel-expires', `@${Math.floor(Date.now() / 1000)}`);
  } else {
    reply.header('cache-control', 'private, no-store');
  }
}
