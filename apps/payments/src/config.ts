import { serverSettings } from '@shop/config/process.ts';
import { type Environment, readSecret, readSettings } from '@shop/config/settings.ts';
import { primarySettings } from '@shop/config/stores.ts';
import { tracingConfig, tracingSettings } from '@shop/tracing/settings.ts';
import { Type } from 'typebox';

/** Every setting of the payment provider, read from the environment once at the start. */
const Settings = Type.Object({
  ...serverSettings,
  ...tracingSettings,
  // PgBouncer has four server connections for this database (infra/pgbouncer), so more would only queue there.
  ...primarySettings({ maxConnections: 8 }),
});

export type Config = ReturnType<typeof loadConfig>;

/** @throws when a setting is missing or malformed, naming it, or when the file of a secret cannot be read. */
export function loadConfig(env: Environment = process.env) {
  const settings = readSettings(Settings, env);
  return {
    port: settings.PORT,
    logLevel: settings.LOG_LEVEL,
    tracing: tracingConfig(settings),
    database: {
      url: settings.DATABASE_PRIMARY_URL,
      password: readSecret(settings.DATABASE_PASSWORD_FILE),
      maxConnections: settings.DATABASE_MAX_CONNECTIONS,
    },
  };
}
