import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readSecret, readSettings } from '@shop/config/settings.ts';
import { Type } from 'typebox';
import { withPrimary } from './connect.ts';

/** Empty tables of the newest schema, in a separate schema beside the real one, in the real databases. */
export type Scratch = { shopUrl: string; paymentsUrl: string; password: string; drop(): Promise<void> };

/** The settings of a test of the seed; the folders have the migrations of both databases. */
const Settings = Type.Object({
  SHOP_DATABASE_URL: Type.String(),
  PAYMENTS_DATABASE_URL: Type.String(),
  MIGRATE_PASSWORD_FILE: Type.String(),
  SHOP_MIGRATIONS: Type.String(),
  PAYMENTS_MIGRATIONS: Type.String(),
});

/** For tests. @throws when the environment does not name databases, password and migrations. */
export async function makeScratch(): Promise<Scratch> {
  const settings = readSettings(Settings, process.env);
  const password = readSecret(settings.MIGRATE_PASSWORD_FILE);
  const name = `scratch_${randomUUID().replaceAll('-', '')}`;
  const inScratch = (url: string) => {
    const scratch = new URL(url);
    scratch.searchParams.set('options', `-csearch_path=${name}`);
    return scratch.href;
  };
  const make = async (url: string, migrations: string) => {
    const files = (await readdir(migrations)).filter((file) => file.endsWith('.sql')).sort();
    const texts = await Promise.all(files.map((file) => readFile(join(migrations, file), 'utf8')));
    await withPrimary(inScratch(url), password, async (client) => {
      await client.query(`CREATE SCHEMA IF NOT EXISTS ${name}`);
      // The migrations name the usual schema wherever they refer to another table.
      for (const text of texts) await client.query(text.replaceAll('"public".', ''));
    });
  };
  await make(settings.SHOP_DATABASE_URL, settings.SHOP_MIGRATIONS);
  await make(settings.PAYMENTS_DATABASE_URL, settings.PAYMENTS_MIGRATIONS);
  const drop = async () => {
    for (const url of [settings.SHOP_DATABASE_URL, settings.PAYMENTS_DATABASE_URL])
      await withPrimary(url, password, (client) => client.query(`DROP SCHEMA IF EXISTS ${name} CASCADE`));
  };
  return {
    shopUrl: inScratch(settings.SHOP_DATABASE_URL),
    paymentsUrl: inScratch(settings.PAYMENTS_DATABASE_URL),
    password,
    drop,
  };
}
