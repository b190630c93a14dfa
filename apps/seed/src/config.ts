import { type Environment, readSecret, readSettings } from '@shop/config/settings.ts';
import { Type } from 'typebox';

/** Every setting of the seed, read from the environment once at the start. */
const Settings = Type.Object({
  SHOP_DATABASE_URL: Type.String({ description: 'the primary itself, past PgBouncer' }),
  PAYMENTS_DATABASE_URL: Type.String({
    description: 'the same server, the database of the payment provider',
  }),
  DATABASE_PASSWORD_FILE: Type.String({ description: 'of the owner of the tables of both' }),
  ACCOUNTS_FILE: Type.String({ default: '/state/accounts.json' }),
});

/** @throws when a setting is missing or malformed, naming it, or when the file of the password cannot be read. */
export function loadConfig(env: Environment = process.env) {
  const settings = readSettings(Settings, env);
  return {
    databases: {
      shopUrl: settings.SHOP_DATABASE_URL,
      paymentsUrl: settings.PAYMENTS_DATABASE_URL,
      password: readSecret(settings.DATABASE_PASSWORD_FILE),
    },
    accountsFile: settings.ACCOUNTS_FILE,
  };
}
