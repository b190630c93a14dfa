import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { brokenVariant } from '@shop/contracts/broken-variant.ts';
import { readSettings } from '@shop/contracts/settings.ts';
import { parseSentinels } from '@shop/redis/sentinel.ts';
import { envSchema } from 'env-schema';
import { type Static, Type } from 'typebox';

/** Every setting of the worker, read from the environment once at the start; the defaults are those of production. */
const Settings = Type.Object({
  PORT: Type.Integer({ default: 3000 }),
  LOG_LEVEL: Type.Enum(['debug', 'info', 'warn', 'error', 'silent'], { default: 'info' }),
  DATABASE_PRIMARY_URL: Type.String(),
  DATABASE_REPLICA_URL: Type.String(),
  DATABASE_PASSWORD_FILE: Type.String(),
  DATABASE_MAX_CONNECTIONS: Type.Integer({ minimum: 1, default: 10 }),
  REDIS_SENTINELS: Type.String({ description: 'host:port, comma-separated' }),
  REDIS_MASTER_NAME: Type.String({ default: 'shop' }),
  REDIS_PASSWORD_FILE: Type.String(),
  CACHE_URL: Type.String(),
  S3_ENDPOINT: Type.String(),
  S3_KEYS_DIR: Type.String(),
  SMTP_URL: Type.String(),
  PAYMENTS_URL: Type.String(),
  WORKER_NAME: Type.String({
    default: hostname(),
    description: 'who works on a job, on the board of the queues',
  }),
  /** How often the outbox is looked at while it is empty. */
  RELAY_POLL_MS: Type.Integer({ minimum: 10, default: 100 }),
  /** A row that was published this long ago and is not done is published again. */
  RELAY_STALE_MS: Type.Integer({ minimum: 100, default: 15_000 }),
});

export type Config = ReturnType<typeof loadConfig>;

/** @throws when a setting is missing or malformed, naming it, or when a secret's file cannot be read. */
export function loadConfig(env: NodeJS.ProcessEnv = process.env) {
  const settings = readSettings(() =>
    envSchema<Static<typeof Settings>>({ schema: Settings, data: env, dotenv: false }),
  );
  const broken = brokenVariant(env);
  const secret = (path: string) => readFileSync(path, 'utf8').trim();
  return {
    port: settings.PORT,
    logLevel: settings.LOG_LEVEL,
    name: settings.WORKER_NAME,
    /** Off only in a test: what a dead worker or relay held then stays undone. */
    takeOver: broken !== 'worker-takes-nothing-over',
    /** Off only in a test: nobody looks at the outbox. */
    relays: broken !== 'published-after-commit',
    /** Off only in a test: an event that is published again becomes another job. */
    dedupe: broken !== 'relay-without-dedupe',
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
    objects: {
      endpoint: settings.S3_ENDPOINT,
      accessKeyId: secret(`${settings.S3_KEYS_DIR}/app-access-key`),
      secretAccessKey: secret(`${settings.S3_KEYS_DIR}/app-secret-key`),
    },
    smtpUrl: settings.SMTP_URL,
    paymentsUrl: settings.PAYMENTS_URL,
    relay: { pollMs: settings.RELAY_POLL_MS, staleMs: settings.RELAY_STALE_MS },
  };
}
