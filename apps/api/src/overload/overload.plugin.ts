import type { FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { Gauge, type Registry } from 'prom-client';
import type { Config } from '../config.ts';
import { ProblemError } from '../problem-error.ts';
import { ConcurrencyLimit } from './concurrency-limit.ts';

const alwaysAnswered = /^\/(livez|readyz|metrics)/;
const reading = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Past its capacity a replica refuses at once instead of queueing: what was accepted finishes in time, and when
 * the rush is over there is no backlog to work off. 429, not 503: the edge tries the next replica on a 503, which
 * would carry the overload on.
 *
 * Reads and writes have a limit each. An order waits for locks and for a standby, a read for neither: under one limit a
 * rush of orders would take all the room, and nobody could even look.
 */
export default fp<{ config: Pick<Config, 'admission' | 'requestDeadlineMs' | 'brokenVariant'> }>(
  async (app, { config }) => {
    // Off only in a test: everything is let in, and the deadline is left to do the refusing.
    if (config.brokenVariant === 'api-admits-everything') return;
    const { maxReads, maxWrites } = config.admission;
    /** Half the room is kept for what comes while a store is silent. */
    const limitOf = (least: number, room: number, tooLongMs: number) => {
      const min = Math.min(least, room);
      return new ConcurrencyLimit({ min, max: Math.max(min, room / 2), maxInSilence: room, tooLongMs });
    };
    const limits = {
      // A read takes milliseconds.
      read: limitOf(50, maxReads, 300),
      // An order takes tens of them, most of which it waits for a standby; the rest it may stand in line.
      write: limitOf(16, maxWrites, 800),
    };
    expose(app.metrics, limits);
    const admitted = new WeakMap<FastifyRequest, (counts: boolean) => void>();

    app.addHook('onRequest', async (request, reply) => {
      if (alwaysAnswered.test(request.url)) return;
      const limit = reading.has(request.method) ? limits.read : limits.write;
      const startedAt = performance.now();
      if (!limit.enter(startedAt)) throw new ProblemError('overloaded', { retryAfterSeconds: 1 });
      const leave = (counts: boolean) => {
        if (admitted.delete(request)) limit.leave(startedAt, performance.now(), counts);
      };
      admitted.set(request, leave);
      // A client that goes away takes no work with it: the room is free when the work has ended, or must have.
      reply.raw.once('close', () => {
        if (admitted.has(request)) setTimeout(leave, config.requestDeadlineMs, false).unref();
      });
    });

    // The answer is made. Sending it is nginx's business, which has read it all before a slow reader has.
    app.addHook('onSend', async (request, _reply, payload) => {
      admitted.get(request)?.(true);
      return payload;
    });
  },
  { name: 'overload', dependencies: ['metrics'] },
);

function expose(registry: Registry, limits: Record<string, ConcurrencyLimit>): void {
  const gauge = (name: string, help: string, read: (limit: ConcurrencyLimit) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ['kind'],
      registers: [registry],
      collect() {
        for (const [kind, limit] of Object.entries(limits)) this.set({ kind }, read(limit));
      },
    });
  gauge('shop_requests_in_progress', 'Requests being worked on', ({ inProgress }) => inProgress);
  gauge('shop_requests_limit', 'How many may be at once, as found out just now', ({ limit }) => limit);
}
