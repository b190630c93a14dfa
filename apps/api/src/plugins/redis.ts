import { hostname } from 'node:os';
import { sentinelOptions } from '@shop/redis/sentinel.ts';
import fp from 'fastify-plugin';
import { Redis } from 'ioredis';
import type { Config } from '../config.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /**
     * Sessions and carts, through Sentinel. A command waits for a failover up to the request's deadline, then fails.
     */
    redis: Redis;
    /** The same servers for what must not wait (rate limits, first look at a session): fails after 200 ms. */
    redisFailFast: Redis;
    /** The same servers for writes that travel in a pipeline with their `WAIT`: sends both again or none. */
    redisDurable: Redis;
  }
}

/** Silence counts after 1.5 s (packages/redis): with this, no connection outlasts the failover of its master. */
const heartbeatMs = 1_000;

export default fp<{ config: Config }>(
  async (app, { config }) => {
    const options = sentinelOptions(config.redis);
    const redis = new Redis({ ...options, commandTimeout: 7_000, maxRetriesPerRequest: null });
    const redisFailFast = new Redis({
      ...options,
      commandTimeout: 200,
      maxRetriesPerRequest: 0,
      enableOfflineQueue: false,
    });
    // Its own connection, because WAIT holds up whatever stands behind it in line. A refused write is reported (1)
    // instead of sent again by itself (2): its WAIT, answered before, would look like an acknowledgement.
    const redisDurable = new Redis({
      ...options,
      commandTimeout: 7_000,
      maxRetriesPerRequest: null,
      reconnectOnError: (error: Error) => (options.reconnectOnError(error) ? 1 : false),
    });
    const clients = [redis, redisFailFast, redisDurable];
    for (const client of clients) {
      // Reported once by whoever uses the connection; without a listener ioredis prints each try.
      client.on('error', (error) => app.log.debug({ err: error }, 'redis connection'));
    }
    app.decorate('redis', redis);
    app.decorate('redisFailFast', redisFailFast);
    app.decorate('redisDurable', redisDurable);

    // Who has sent nothing does not notice that the master was cut off, and would still read from it when it is back
    // and has yet to be told of its successor. A master without replicas answers reads, but refuses this write.
    const heartbeat = setInterval(() => {
      for (const client of clients) {
        if (client.status === 'ready') client.set(`heartbeat:${hostname()}`, '', 'EX', 5).catch(() => {});
      }
    }, heartbeatMs);
    app.addHook('onClose', async () => {
      clearInterval(heartbeat);
      for (const client of clients) client.disconnect();
    });
  },
  { name: 'redis' },
);
