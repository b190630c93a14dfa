import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * The edge keeps an answer for a second: after a change, its copy is gone within two, together with whatever was on its
 * way. Browsers ask each time. An answer for a session that has written is for that session alone.
 *
 * nginx counts whole seconds, so that `s-maxage=1` lasts up to two of them; the second in which the answer was made,
 * given as the time it expires, lasts at most one.
 */
export function setCacheHeaders(request: FastifyRequest, reply: FastifyReply): void {
  if (request.consistency === 'any') {
    reply.header('cache-control', 'public, max-age=0, s-maxage=1');
    reply.header('x-accel-expires', `@${Math.floor(Date.now() / 1000)}`);
  } else {
    reply.header('cache-control', 'private, no-store');
  }
}
