/** The addresses of the sentinels, and the master that they watch. */
export type RedisConfig = {
  sentinels: { host: string; port: number }[];
  masterName: string;
  password: string;
};

/** Connection settings for the Redis that Sentinel names as master, tested against kills, pauses and cuts. */
export function sentinelOptions(redis: RedisConfig) {
  return {
    sentinels: redis.sentinels,
    name: redis.masterName,
    password: redis.password,
    sentinelPassword: redis.password,
    // When this was on, acknowledged writes were lost in two of five failovers.
    failoverDetector: false,
    // A demoted master, or one that has lost its replicas, refuses writes: reconnect, and send the command again.
    reconnectOnError: (error: Error) =>
      (/^(READONLY|NOREPLICAS)/.test(error.message) ? 2 : false) as 2 | false,
    sentinelRetryStrategy: () => 100,
    retryStrategy: (attempt: number) => Math.min(attempt * 50, 500),
    connectTimeout: 500,
    sentinelCommandTimeout: 500,
    // A paused or cut-off peer does not close the connection; without this a client waits for ever.
    socketTimeout: 1_500,
  } as const;
}
