import { Redis } from 'ioredis';

/** A Redis that is asked once: while it is down, a command fails within a second and not later. */
export function redisAt(host: string): Redis {
  const redis = new Redis({
    host,
    maxRetriesPerRequest: 0,
    commandTimeout: 1_000,
    connectTimeout: 500,
    retryStrategy: () => 200,
  });
  redis.on('error', () => {});
  return redis;
}
