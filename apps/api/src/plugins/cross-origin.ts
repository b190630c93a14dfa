import cors from '@fastify/cors';
import type { FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import type { Config } from '../config.ts';
import { ProblemError } from '../problem-error.ts';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Only pages of the edges may change data. Edges of the same scheme trust each other, so that the storefront can call
 * the other edge when one is down. A request with neither `Origin` nor `Sec-Fetch-Site` is not from a browser.
 */
export default fp<{ config: Config }>(
  async (app, { config }) => {
    const trusted = (origin: string, request: FastifyRequest) =>
      config.edgeOrigins.includes(origin) && origin.startsWith(`${request.protocol}:`);

    app.addHook('onRequest', async (request) => {
      if (safeMethods.has(request.method)) return;
      const origin = request.headers.origin;
      const site = request.headers['sec-fetch-site'];
      if (origin !== undefined) {
        if (!trusted(origin, request)) throw new ProblemError('cross-origin');
      } else if (site !== undefined && site !== 'same-origin' && site !== 'none') {
        throw new ProblemError('cross-origin');
      }
    });

    await app.register(cors, {
      delegator: (request, callback) =>
        callback(null, {
          origin: trusted(request.headers.origin ?? '', request),
          credentials: true,
          methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
          allowedHeaders: [
            'authorization',
            'content-type',
            'idempotency-key',
            'if-match',
            'x-customer-id',
            'x-request-id',
          ],
          exposedHeaders: [
            'x-request-id',
            'x-served-by',
            'x-cache',
            'server-timing',
            'retry-after',
            'location',
            'idempotency-replayed',
            'www-authenticate',
          ],
          maxAge: 600,
          strictPreflight: false,
        }),
    });
  },
  { name: 'cross-origin' },
);
