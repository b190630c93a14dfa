import type { FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { Gauge, type Registry } from 'prom-client';
import type { Config } from '../config.ts';
import { ProblemError } from '../problem-error.ts';
import { ConcurrencyLimit } from './concurrency-limit.ts';

const alwaysAnswered = /^\/(livez|readyz|metrics)/;
const reading = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Beyond its capacity a replica refuses requests at once instead of queueing them: accepted requests finish in time, and
 * no backlog remains when the load falls. It answers 429, not 503: on a 503 the edge tries the next replica, which
 * would spread the overload.
 *
 * Reads and writes have a limit each. An order waits for locks and for a standby, a read for neither: under one limit
 * many orders would use the whole limit, and no client could read.
 */
export default fp<{ config: Pick<Config, 'admission' | 'requestDeadlineMs' | 'brokenVariant'> }>(
  async (app, { config }) => {
    // A broken variant: every request is admitted, and only the deadline refuses.
    if (config.brokenVariant === 'api-admits-everything') return;
    const { maxReads, maxWrites } = config.admission;
    /** Half the room is reserved for the requests that arrive while a store does not answer. */
    const limitOf = (least: number, room: number, tooLongMs: number) => {
      const min = Math.min(least, room);
      return new ConcurrencyLimit({ min, max: Math.max(min, room / 2), maxInSilence: room, tooLongMs });
    };
    const limits = {
      // A read takes milliseconds.
      read: limitOf(50, maxReads, 300),
      // An order takes tens of milliseconds, mostly waiting for a standby; the rest is time in a queue.
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
      // When a client disconnects, the work continues: its place is free when the work ends, at the latest at the
      // deadline.
      reply.raw.once('close', () => {
        if (admitted.has(request)) setTimeout(leave, config.requestDeadlineMs, false).unref();
      });
    });

    // The response is complete. The edge buffers it, so a slow client does not hold the place.
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
  gauge('shop_requests_limit', 'Requests that may be in progress at once, as measured', ({ limit }) => limit);
}
