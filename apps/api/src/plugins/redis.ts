import { hostname } from 'node:os';
import { BatchedRedis } from '@shop/redis/batched-redis.ts';
import { sentinelOptions } from '@shop/redis/sentinel.ts';
import fp from 'fastify-plugin';
import type { Redis } from 'ioredis';
import type { Config } from '../config.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /**
     * Sessions and carts, through Sentinel. A command waits for a failover up to the request's deadline, then fails.
     */
    redis: Redis;
    /** The same servers, for commands that must not wait (rate limits, first look at a session): fails after 200 ms. */
    redisFailFast: Redis;
    /** The same servers, for a write and its `WAIT` in one pipeline: `replicatedWrite` sends both again or neither. */
    redisDurable: Redis;
  }
}

/** Shorter than `socketTimeout` (1.5 s, packages/redis): a silent master is noticed by this write. */
const heartbeatMs = 1_000;

export default fp<{ config: Config }>(
  async (app, { config }) => {
    const options = sentinelOptions(config.redis);
    const redis = new BatchedRedis({ ...options, commandTimeout: 7_000, maxRetriesPerRequest: null });
    const redisFailFast = new BatchedRedis({
      ...options,
      commandTimeout: 200,
      maxRetriesPerRequest: 0,
      enableOfflineQueue: false,
    });
    // A connection of its own, because WAIT delays every command behind it. 1: reconnect and report the refused write.
    // 2 would also send the write again, without its WAIT, whose earlier answer would look like an acknowledgement.
    const redisDurable = new BatchedRedis({
      ...options,
      commandTimeout: 7_000,
      maxRetriesPerRequest: null,
      reconnectOnError: (error: Error) => (options.reconnectOnError(error) ? 1 : false),
    });
    const clients = [redis, redisFailFast, redisDurable];
    for (const client of clients) {
      // The command that fails reports the error. Without a listener ioredis prints each try to reconnect.
      client.on('error', (error) => app.log.debug({ err: error }, 'redis connection'));
    }
    app.decorate('redis', redis);
    app.decorate('redisFailFast', redisFailFast);
    app.decorate('redisDurable', redisDurable);

    // An idle connection does not notice that its master was cut off from the network. When that master comes back, it
    // still answers reads with old data until Sentinel demotes it. It refuses writes, because no replica is connected
    // to it (min-replicas-to-write): so each connection writes once a second, and a refused write makes it reconnect.
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
