import { readFileSync } from 'node:fs';
import { readSettings } from '@shop/contracts/settings.ts';
import { envSchema } from 'env-schema';
import { type Static, Type } from 'typebox';

/** Every setting of the payment provider, read from the environment once at the start. */
const Settings = Type.Object({
  PORT: Type.Integer({ default: 3000 }),
  LOG_LEVEL: Type.Enum(['debug', 'info', 'warn', 'error', 'silent'], { default: 'info' }),
  DATABASE_PRIMARY_URL: Type.String(),
  DATABASE_PASSWORD_FILE: Type.String(),
  // PgBouncer has four server connections for this database (infra/pgbouncer), so more would only queue there.
  DATABASE_MAX_CONNECTIONS: Type.Integer({ minimum: 1, default: 8 }),
});

export type Config = ReturnType<typeof loadConfig>;

/** @throws when a setting is missing or malformed, naming it, or when a secret's file cannot be read. */
export function loadConfig(env: NodeJS.ProcessEnv = process.env) {
  const settings = readSettings(() =>
    envSchema<Static<typeof Settings>>({ schema: Settings, data: env, dotenv: false }),
  );
  return {
    port: settings.PORT,
    logLevel: settings.LOG_LEVEL,
    database: {
      url: settings.DATABASE_PRIMARY_URL,
      password: readFileSync(settings.DATABASE_PASSWORD_FILE, 'utf8').trim(),
      maxConnections: settings.DATABASE_MAX_CONNECTIONS,
    },
  };
}
