import { hostname } from 'node:os';
import { brokenVariant } from '@shop/config/broken-variant.ts';
import { serverSettings } from '@shop/config/process.ts';
import { type Environment, readSecret, readSettings } from '@shop/config/settings.ts';
import {
  databaseConfig,
  databaseSettings,
  objectsKeys,
  objectsSettings,
  redisConfig,
  redisSettings,
} from '@shop/config/stores.ts';
import { tracingConfig, tracingSettings } from '@shop/tracing/settings.ts';
import { Type } from 'typebox';

/** Every setting of the API, read from the environment once at the start; the defaults are those of production. */
const Settings = Type.Object({
  ...serverSettings,
  ...databaseSettings({ maxConnections: 20 }),
  ...redisSettings,
  ...objectsSettings,
  ...tracingSettings,
  VERSION: Type.String({ default: '0.1.0' }),
  CACHE_URL: Type.String(),
  COOKIE_SECRET_FILE: Type.String(),
  TOKEN_SECRET_FILE: Type.String({
    description: 'signs cursors and watermarks, keys the hashes of bodies, encrypts the keys of tokens',
  }),
  EDGE_ORIGINS: Type.String({
    default: 'http://127.0.0.1:8080,http://127.0.0.1:8081,https://127.0.0.1:8443,https://127.0.0.1:8444',
    description: 'origins whose pages may change things, comma-separated',
  }),
  CATALOG_CACHE: Type.Boolean({ default: true }),
  /** The deadline of a request: shorter than the edge waits, longer than a failover of Redis takes. */
  REQUEST_DEADLINE_MS: Type.Integer({ minimum: 100, default: 8_000 }),
  /**
   * The most requests in progress while a store does not answer for some seconds; more are refused with `overloaded`.
   * While stores answer, the limit is at most half of this and adapts to the load (overload/concurrency-limit.ts).
   */
  MAX_READS_IN_PROGRESS: Type.Integer({ minimum: 1, default: 200 }),
  MAX_WRITES_IN_PROGRESS: Type.Integer({ minimum: 1, default: 80 }),
  /** How long a draining replica still answers requests after `/readyz` says `draining`. */
  DRAIN_MS: Type.Integer({ minimum: 0, default: 3_000 }),
  SESSION_TTL_SECONDS: Type.Integer({ default: 7 * 24 * 3600, description: 'after the last use' }),
  SESSION_MAX_AGE_SECONDS: Type.Integer({
    default: 30 * 24 * 3600,
    description: 'after the login, however active',
  }),
  /** An access token cannot be revoked, so its lifetime is short. Housekeeping relies on the maximum. */
  TOKEN_ACCESS_TTL_SECONDS: Type.Integer({ minimum: 1, maximum: 3600, default: 5 * 60 }),
  TOKEN_REFRESH_TTL_SECONDS: Type.Integer({
    minimum: 1,
    default: 7 * 24 * 3600,
    description: 'after the last refresh',
  }),
  TOKEN_REFRESH_MAX_AGE_SECONDS: Type.Integer({
    minimum: 1,
    default: 30 * 24 * 3600,
    description: 'after the login, however often it was refreshed',
  }),
  /** As long as a client repeats a call whose answer is lost. */
  TOKEN_REFRESH_GRACE_SECONDS: Type.Integer({
    minimum: 0,
    default: 30,
    description: 'in which a refresh may be repeated with the same token',
  }),
  TOKEN_KEY_MAX_AGE_SECONDS: Type.Integer({
    minimum: 1,
    default: 30 * 24 * 3600,
    description: 'after which another key signs',
  }),
  LIMIT_REQUESTS_PER_SECOND: Type.Integer({ default: 200, description: 'per client address' }),
  LIMIT_REGISTERS_PER_SECOND: Type.Integer({ default: 50, description: 'per client address' }),
  LIMIT_FAILED_LOGINS: Type.Integer({ default: 10, description: 'per e-mail and 15 minutes' }),
});

export type Config = ReturnType<typeof loadConfig>;

/** @throws when a setting is missing or malformed, naming it, or when a secret's file cannot be read. */
export function loadConfig(env: Environment = process.env) {
  const settings = readSettings(Settings, env);
  return {
    port: settings.PORT,
    logLevel: settings.LOG_LEVEL,
    version: settings.VERSION,
    brokenVariant: brokenVariant(env),
    replica: hostname(),
    database: databaseConfig(settings),
    redis: redisConfig(settings),
    tracing: tracingConfig(settings),
    cacheUrl: settings.CACHE_URL,
    catalogCache: settings.CATALOG_CACHE,
    objects: {
      endpoint: settings.S3_ENDPOINT,
      app: objectsKeys(settings, 'app'),
      signer: objectsKeys(settings, 'signer'),
    },
    cookieSecret: readSecret(settings.COOKIE_SECRET_FILE),
    tokenSecret: readSecret(settings.TOKEN_SECRET_FILE),
    edgeOrigins: settings.EDGE_ORIGINS.split(','),
    requestDeadlineMs: settings.REQUEST_DEADLINE_MS,
    admission: { maxReads: settings.MAX_READS_IN_PROGRESS, maxWrites: settings.MAX_WRITES_IN_PROGRESS },
    drainMs: settings.DRAIN_MS,
    sessionTtlSeconds: settings.SESSION_TTL_SECONDS,
    sessionMaxAgeSeconds: settings.SESSION_MAX_AGE_SECONDS,
    tokens: {
      accessTtlSeconds: settings.TOKEN_ACCESS_TTL_SECONDS,
      refreshTtlSeconds: settings.TOKEN_REFRESH_TTL_SECONDS,
      refreshMaxAgeSeconds: settings.TOKEN_REFRESH_MAX_AGE_SECONDS,
      refreshGraceSeconds: settings.TOKEN_REFRESH_GRACE_SECONDS,
      keyMaxAgeSeconds: settings.TOKEN_KEY_MAX_AGE_SECONDS,
    },
    limits: {
      requestsPerSecond: settings.LIMIT_REQUESTS_PER_SECOND,
      registersPerSecond: settings.LIMIT_REGISTERS_PER_SECOND,
      failedLogins: settings.LIMIT_FAILED_LOGINS,
    },
  };
}
