import { type Environment, readSecret, readSettings } from '@shop/config/settings.ts';
import { Type } from 'typebox';

/** Every setting of the migrations, read from the environment once at the start. */
const Settings = Type.Object({
  DATABASE_SERVER_URL: Type.String({
    description:
      'the primary itself: the lock of a session does not survive the transaction pooling of PgBouncer',
  }),
  DATABASE_PASSWORD_FILE: Type.String(),
});

/** @throws when a setting is missing or malformed, naming it, or when the file of the password cannot be read. */
export function loadConfig(env: Environment = process.env) {
  const settings = readSettings(Settings, env);
  return {
    serverUrl: settings.DATABASE_SERVER_URL,
    password: readSecret(settings.DATABASE_PASSWORD_FILE),
  };
}
