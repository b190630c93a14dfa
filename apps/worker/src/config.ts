import { hostname } from 'node:os';
import { brokenVariant } from '@shop/config/broken-variant.ts';
import { serverSettings } from '@shop/config/process.ts';
import { type Environment, readSettings } from '@shop/config/settings.ts';
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

/** Every setting of the worker, read from the environment once at the start; the defaults are those of production. */
const Settings = Type.Object({
  ...serverSettings,
  ...databaseSettings({ maxConnections: 10 }),
  ...redisSettings,
  ...objectsSettings,
  ...tracingSettings,
  CACHE_URL: Type.String(),
  SMTP_URL: Type.String(),
  PAYMENTS_URL: Type.String(),
  WORKER_NAME: Type.String({
    default: hostname(),
    description: 'the name of this worker on the board of the queues',
  }),
  RELAY_POLL_MS: Type.Integer({
    minimum: 10,
    default: 100,
    description:
      'how often the relay reads an outbox that was empty; four times less often when the shop is idle',
  }),
  RELAY_STALE_MS: Type.Integer({
    minimum: 100,
    default: 15_000,
    description: 'a row that was published this long ago and is not done is published again',
  }),
});

export type Config = ReturnType<typeof loadConfig>;

/** @throws when a setting is missing or malformed, naming it, or when the file of a secret cannot be read. */
export function loadConfig(env: Environment = process.env) {
  const settings = readSettings(Settings, env);
  const broken = brokenVariant(env);
  return {
    port: settings.PORT,
    logLevel: settings.LOG_LEVEL,
    name: settings.WORKER_NAME,
    /** Off only in a test: then no worker takes over the events and jobs of a dead one. */
    takeOver: broken !== 'worker-takes-nothing-over',
    /** Off only in a test: then no relay reads the outbox. */
    relays: broken !== 'published-after-commit',
    /** Off only in a test: then an event that is published again becomes a second job. */
    dedupe: broken !== 'relay-without-dedupe',
    database: databaseConfig(settings),
    redis: redisConfig(settings),
    tracing: tracingConfig(settings),
    cacheUrl: settings.CACHE_URL,
    objects: { endpoint: settings.S3_ENDPOINT, ...objectsKeys(settings, 'app') },
    smtpUrl: settings.SMTP_URL,
    paymentsUrl: settings.PAYMENTS_URL,
    relay: { pollMs: settings.RELAY_POLL_MS, staleMs: settings.RELAY_STALE_MS },
  };
}
