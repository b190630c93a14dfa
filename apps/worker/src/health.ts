import type { Database } from '@shop/database/database.ts';
import type { FastifyInstance } from 'fastify';
import type { Redis } from 'ioredis';

/**
 * `/livez`: the process runs. It asks no store, so a store that is down restarts no worker.
 * `/readyz`: this worker can take jobs: it reaches the primary and the replicas of Postgres, and Redis. It answers 503
 * otherwise. No client calls a worker, but a rolling update waits for this answer, so a worker with a wrong password or
 * address replaces no worker that works.
 */
export function addHealthRoutes(http: FastifyInstance, { db, redis }: { db: Database; redis: Redis }): void {
  http.get('/livez', async () => ({ status: 'ok' }));
  http.get('/readyz', async (_request, reply) => {
    const pings = await Promise.allSettled([db.ping('primary'), db.ping('replica')]);
    const [primary, replicas] = pings.map(({ status }) => (status === 'fulfilled' ? 'ok' : 'unavailable'));
    // Not a command: BullMQ's connection keeps commands until Redis is back. Its status turns within 1.5 s of silence.
    const checks = { primary, replicas, redis: redis.status === 'ready' ? 'ok' : 'unavailable' };
    const status = Object.values(checks).every((state) => state === 'ok') ? 'ok' : 'unavailable';
    return await reply.code(status === 'ok' ? 200 : 503).send({ status, checks });
  });
}
