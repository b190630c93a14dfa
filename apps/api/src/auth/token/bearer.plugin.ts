import type { FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import type { Identity } from '../guards.ts';
import { verifyAccessToken } from './access-token.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The customer that the access token names; null for a call without a token, which may still have a session. */
    bearer: Identity | null;
  }
}

/**
 * `Authorization: Bearer` (RFC 6750): a call with an access token belongs to the customer that the token names, and its
 * session cookie is ignored. A token that is not valid is refused, even if the cookie alone would be enough: a client
 * that sends a token means to use it. Headers with another scheme are ignored.
 */
export default fp(
  async (app) => {
    app.decorateRequest('bearer', null);
    app.addHook('onRequest', async (request) => {
      const token = presentedToken(request);
      if (token === null || request.routeOptions.config.ignoresEndedSession) return;
      request.bearer = await verifyAccessToken(token, (kid) => app.verificationKeys.find(kid));
    });
  },
  { name: 'bearer', dependencies: ['token-keys'] },
);

/** The token of the header; '' when the scheme is Bearer and no token follows; null for every other header. */
function presentedToken({ headers }: FastifyRequest): string | null {
  const [scheme = '', ...rest] = (headers.authorization ?? '').trim().split(/ +/);
  return scheme.toLowerCase() === 'bearer' ? rest.join(' ') : null;
}
