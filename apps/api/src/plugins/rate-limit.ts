import rateLimit from '@fastify/rate-limit';
import type { FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import type { Config } from '../config.ts';
import { ProblemError } from '../problem-error.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * For routes that the edge's cache mostly answers: serving the remaining requests costs less than counting them.
     */
    unlimited?: boolean;
  }
  interface FastifyInstance {
    /** `preValidation` hook of registration: hashing a password costs more than other calls. */
    limitRegisters(request: FastifyRequest): Promise<void>;
  }
}

const neverLimited = /^\/(livez|readyz|metrics)/;

/**
 * Limits requests a second by client address. Redis counts, so that replicas share the count: one round trip, before
 * any other store is asked. Behind a published port many clients may share one address, so these limits are generous.
 * While Redis is down no client is limited.
 */
export default fp<{ config: Config }>(
  async (app, { config }) => {
    await app.register(rateLimit, {
      global: false,
      redis: app.redisFailFast,
      nameSpace: 'limit:',
      skipOnError: true,
      max: config.limits.requestsPerSecond,
      timeWindow: 1_000,
      errorResponseBuilder: (_request, { ttl }) => rateLimited(ttl),
      ...withoutHeaders,
    });
    // On every request, not by route: requests to unknown paths count too.
    const count = app.rateLimit();
    app.addHook('onRequest', async (request, reply) => {
      const free = request.routeOptions.config.unlimited || neverLimited.test(request.url);
      if (!free) await count.call(app, request, reply);
    });

    const registers = app.createRateLimit({
      max: config.limits.registersPerSecond,
      timeWindow: 1_000,
      keyGenerator: (request: FastifyRequest) => `register:${request.ip}`,
    });
    app.decorate('limitRegisters', async (request: FastifyRequest) => {
      const count = await registers(request);
      if (!count.isAllowed && count.isExceeded) throw rateLimited(count.ttl);
    });
  },
  { name: 'rate-limit', dependencies: ['redis'] },
);

const rateLimited = (ttlMs: number) =>
  new ProblemError('rate-limited', { retryAfterSeconds: Math.max(1, Math.ceil(ttlMs / 1000)) });

const counters = {
  'x-ratelimit-limit': false,
  'x-ratelimit-remaining': false,
  'x-ratelimit-reset': false,
} as const;
/** `plugins/problems.ts` sets `Retry-After`. The library's other headers would help an attacker more than a shopper. */
const withoutHeaders = { addHeaders: { ...counters, 'retry-after': false }, addHeadersOnExceeding: counters };
