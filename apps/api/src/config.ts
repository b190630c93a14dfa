import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { brokenVariant } from '@shop/contracts/broken-variant.ts';
import { readSettings } from '@shop/contracts/settings.ts';
import { parseSentinels } from '@shop/redis/sentinel.ts';
import { envSchema } from 'env-schema';
import { type Static, Type } from 'typebox';

/** Every setting of the API, read from the environment once at the start; the defaults are those of production. */
const Settings = Type.Object({
  PORT: Type.Integer({ default: 3000 }),
  LOG_LEVEL: Type.Enum(['debug', 'info', 'warn', 'error', 'silent'], { default: 'info' }),
  VERSION: Type.String({ default: '0.1.0' }),
  DATABASE_PRIMARY_URL: Type.String(),
  DATABASE_REPLICA_URL: Type.String(),
  DATABASE_PASSWORD_FILE: Type.String(),
  DATABASE_MAX_CONNECTIONS: Type.Integer({ minimum: 1, default: 20 }),
  REDIS_SENTINELS: Type.String({ description: 'host:port, comma-separated' }),
  REDIS_MASTER_NAME: Type.String({ default: 'shop' }),
  REDIS_PASSWORD_FILE: Type.String(),
  CACHE_URL: Type.String(),
  S3_ENDPOINT: Type.String(),
  S3_KEYS_DIR: Type.String(),
  COOKIE_SECRET_FILE: Type.String(),
  TOKEN_SECRET_FILE: Type.String({ description: 'signs cursors and watermarks, keys the hashes of bodies' }),
  EDGE_ORIGINS: Type.String({
    default: 'http://127.0.0.1:8080,http://127.0.0.1:8081,https://127.0.0.1:8443,https://127.0.0.1:8444',
    description: 'origins whose pages may change things, comma-separated',
  }),
  CATALOG_CACHE: Type.Boolean({ default: true }),
  /** The deadline of a request; shorter than the edge waits, longer than a failover of Redis takes. */
  REQUEST_DEADLINE_MS: Type.Integer({ minimum: 100, default: 8_000 }),
  /**
   * Requests in progress beyond which a replica refuses with `overloaded`: enough for what comes while a store is silent
   * for seconds. Else it takes at most half as many, and under load as many as it carries (overload/concurrency-limit.ts).
   */
  MAX_READS_IN_PROGRESS: Type.Integer({ minimum: 1, default: 200 }),
  MAX_WRITES_IN_PROGRESS: Type.Integer({ minimum: 1, default: 80 }),
  /** How long a draining replica goes on answering after it has said so. */
  DRAIN_MS: Type.Integer({ minimum: 0, default: 3_000 }),
  SESSION_TTL_SECONDS: Type.Integer({ default: 7 * 24 * 3600 }),
  LIMIT_REQUESTS_PER_SECOND: Type.Integer({ default: 200, description: 'per client address' }),
  LIMIT_REGISTERS_PER_SECOND: Type.Integer({ default: 50, description: 'per client address' }),
  LIMIT_FAILED_LOGINS: Type.Integer({ default: 10, description: 'per e-mail and 15 minutes' }),
});

export type Config = ReturnType<typeof loadConfig>;

/** @throws when a setting is missing or malformed, naming it, or when a secret's file cannot be read. */
export function loadConfig(env: NodeJS.ProcessEnv = process.env) {
  const settings = readSettings(() =>
    envSchema<Static<typeof Settings>>({ schema: Settings, data: env, dotenv: false }),
  );
  const secret = (path: string) => readFileSync(path, 'utf8').trim();
  return {
    port: settings.PORT,
    logLevel: settings.LOG_LEVEL,
    version: settings.VERSION,
    brokenVariant: brokenVariant(env),
    replica: hostname(),
    database: {
      primaryUrl: settings.DATABASE_PRIMARY_URL,
      replicaUrl: settings.DATABASE_REPLICA_URL,
      password: secret(settings.DATABASE_PASSWORD_FILE),
      maxConnections: settings.DATABASE_MAX_CONNECTIONS,
    },
    redis: {
      sentinels: parseSentinels(settings.REDIS_SENTINELS),
      masterName: settings.REDIS_MASTER_NAME,
      password: secret(settings.REDIS_PASSWORD_FILE),
    },
    cacheUrl: settings.CACHE_URL,
    catalogCache: settings.CATALOG_CACHE,
    objects: {
      endpoint: settings.S3_ENDPOINT,
      app: {
        accessKeyId: secret(`${settings.S3_KEYS_DIR}/app-access-key`),
        secretAccessKey: secret(`${settings.S3_KEYS_DIR}/app-secret-key`),
      },
      signer: {
        accessKeyId: secret(`${settings.S3_KEYS_DIR}/signer-access-key`),
        secretAccessKey: secret(`${settings.S3_KEYS_DIR}/signer-secret-key`),
      },
    },
    cookieSecret: secret(settings.COOKIE_SECRET_FILE),
    tokenSecret: secret(settings.TOKEN_SECRET_FILE),
    edgeOrigins: settings.EDGE_ORIGINS.split(','),
    requestDeadlineMs: settings.REQUEST_DEADLINE_MS,
    admission: { maxReads: settings.MAX_READS_IN_PROGRESS, maxWrites: settings.MAX_WRITES_IN_PROGRESS },
    drainMs: settings.DRAIN_MS,
    sessionTtlSeconds: settings.SESSION_TTL_SECONDS,
    limits: {
      requestsPerSecond: settings.LIMIT_REQUESTS_PER_SECOND,
      registersPerSecond: settings.LIMIT_REGISTERS_PER_SECOND,
      failedLogins: settings.LIMIT_FAILED_LOGINS,
    },
  };
}
