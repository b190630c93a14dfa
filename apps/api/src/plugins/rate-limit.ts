import rateLimit from '@fastify/rate-limit';
import type { FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import type { Config } from '../config.ts';
import { ProblemError } from '../problem-error.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** For what is mostly answered by the caches in front: the rest costs less than counting it would. */
    unlimited?: boolean;
  }
  interface FastifyInstance {
    /** `preValidation` hook of the registration, which is dearer than other calls. */
    limitRegisters(request: FastifyRequest): Promise<void>;
  }
}

const neverLimited = /^\/(livez|readyz|metrics)/;

/**
 * Requests a second by client address, counted in Redis, so that replicas share the count: one round trip, before
 * anything else is asked. Behind a published port many clients may share one address, so these limits are generous.
 * While Redis is away nobody is limited.
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
    // Not by route: what is unknown counts, too.
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
/** `Retry-After` is set where the refusal is answered; the rest tells an attacker more than a shopper. */
const withoutHeaders = { addHeaders: { ...counters, 'retry-after': false }, addHeadersOnExceeding: counters };
