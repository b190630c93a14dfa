/** Where the sentinels are and which master they watch. */
export type RedisConfig = {
  sentinels: { host: string; port: number }[];
  masterName: string;
  password: string;
};

/** Connection settings for the Redis that Sentinel says is the master, tried against kills, pauses and cuts. */
export function sentinelOptions(redis: RedisConfig) {
  return {
    sentinels: redis.sentinels,
    name: redis.masterName,
    password: redis.password,
    sentinelPassword: redis.password,
    // On, it lost acknowledged writes in two of five failovers.
    failoverDetector: false,
    // A demoted master, or one that has lost its replicas, refuses writes: reconnect, and send the command again.
    reconnectOnError: (error: Error) =>
      (/^(READONLY|NOREPLICAS)/.test(error.message) ? 2 : false) as 2 | false,
    sentinelRetryStrategy: () => 100,
    retryStrategy: (attempt: number) => Math.min(attempt * 50, 500),
    connectTimeout: 500,
    sentinelCommandTimeout: 500,
    // A paused or cut-off peer closes nothing; without this a client waits for it for ever.
    socketTimeout: 1_500,
  } as const;
}
