import {
  type Consistency,
  formatWatermark,
  laterWatermark,
  parseWatermark,
  type Watermark,
} from '@shop/database/consistency.ts';
import type { FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import type { Config } from '../config.ts';
import { RequestDatabase } from '../request-database.ts';
import { rememberingSigner } from './remembering-signer.ts';
import { verifiedCookie } from './verified-cookie.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** How fresh this request's reads must be; made stricter by what the request itself writes. */
    consistency: Consistency;
    /** The database at this request's consistency and within its deadline. */
    readonly db: RequestDatabase;
  }
  interface FastifyReply {
    /** Gives the session its watermark, so that its next reads see what this request wrote. */
    setWatermark(watermark: Watermark): FastifyReply;
  }
}

/** Longer than any replica may lag and still serve: after that every replica has the write. */
const watermarkTtlSeconds = 60;
const cookieName = 'watermark';
/** A watermark that is not empty; a browser may send more than one. */
const isSent = /(?:^|;)\s*watermark=[^;\s]/;

/**
 * Read your writes: the position of the session's last commit travels in a signed cookie.
 * A request that carries it is not answered from a cache, here and at the edge.
 */
export default fp<{ config: Config }>(
  async (app, { config }) => {
    const signer = rememberingSigner(config.tokenSecret);

    app.decorateRequest('consistency', 'any');
    app.decorateRequest('db', {
      getter() {
        return new RequestDatabase(app.db, this as FastifyRequest);
      },
    });
    app.addHook('onRequest', async (request) => {
      const header = request.headers.cookie ?? '';
      if (!isSent.test(header)) return;
      const verified = verifiedCookie(header, cookieName, signer);
      const value = verified && signer.unsign(verified).value;
      // Cookies with a wrong signature say nothing about what the session wrote: only the primary is safe.
      request.consistency = (value ? parseWatermark(value) : undefined) ?? 'primary';
    });

    app.decorateReply('setWatermark', function setWatermark(watermark) {
      const later = laterWatermark(this.request.consistency, watermark) as Watermark;
      this.request.consistency = later;
      return this.setCookie(cookieName, signer.sign(formatWatermark(later)), {
        path: '/',
        maxAge: watermarkTtlSeconds,
        httpOnly: true,
        sameSite: 'lax',
        secure: this.request.protocol === 'https',
      });
    });
  },
  { name: 'consistency', dependencies: ['@fastify/cookie', 'database', 'deadline'] },
);
