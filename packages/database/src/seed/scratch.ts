import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { withPrimary } from './connect.ts';

/** Empty tables of the newest schema, in a schema of their own beside the real ones, on the real databases. */
export type Scratch = { shopUrl: string; paymentsUrl: string; password: string; drop(): Promise<void> };

/** For tests. Reads SHOP_DATABASE_URL, PAYMENTS_DATABASE_URL and MIGRATE_PASSWORD_FILE from the environment. */
export async function makeScratch(): Promise<Scratch> {
  const { SHOP_DATABASE_URL = '', PAYMENTS_DATABASE_URL = '', MIGRATE_PASSWORD_FILE = '' } = process.env;
  const password = (await readFile(MIGRATE_PASSWORD_FILE, 'utf8')).trim();
  const name = `scratch_${randomUUID().replaceAll('-', '')}`;
  const inScratch = (url: string) => {
    const scratch = new URL(url);
    scratch.searchParams.set('options', `-csearch_path=${name}`);
    return scratch.href;
  };
  const make = async (url: string, migrations: URL) => {
    const files = (await readdir(migrations)).filter((file) => file.endsWith('.sql')).sort();
    const texts = await Promise.all(files.map((file) => readFile(new URL(file, migrations), 'utf8')));
    await withPrimary(inScratch(url), password, async (client) => {
      await client.query(`CREATE SCHEMA IF NOT EXISTS ${name}`);
      // The migrations name the usual schema wherever they refer to another table.
      for (const text of texts) await client.query(text.replaceAll('"public".', ''));
    });
  };
  await make(SHOP_DATABASE_URL, new URL('../../migrations/', import.meta.url));
  await make(PAYMENTS_DATABASE_URL, new URL('../../../../apps/payments/migrations/', import.meta.url));
  const drop = async () => {
    for (const url of [SHOP_DATABASE_URL, PAYMENTS_DATABASE_URL])
      await withPrimary(url, password, (client) => client.query(`DROP SCHEMA IF EXISTS ${name} CASCADE`));
  };
  return {
    shopUrl: inScratch(SHOP_DATABASE_URL),
    paymentsUrl: inScratch(PAYMENTS_DATABASE_URL),
    password,
    drop,
  };
}
