import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import pRetry from 'p-retry';
import pg from 'pg';
import { withPassword } from './connection.ts';
import { sqlState } from './errors.ts';

/** Any two numbers would do; they name this lock among the advisory locks of the database. */
const lockId = [7_100, 1] as const;

/**
 * Brings a database to the newest schema; running it again, or twice at once, changes nothing.
 * Connects straight to the primary: a session lock does not survive PgBouncer's transaction pooling.
 */
export async function migrateDatabase(
  url: string,
  password: string,
  migrationsFolder: string,
): Promise<void> {
  await pRetry(
    async () => {
      const client = new pg.Client({
        connectionString: withPassword(url, password),
        connectionTimeoutMillis: 5_000,
      });
      await client.connect();
      try {
        await client.query('SELECT pg_advisory_lock($1, $2)', [...lockId]);
        // The version that is running goes on meanwhile. A change of a table that waits for its lock holds up everybody
        // who comes after it, so it gives up soon and comes back.
        await client.query("SET lock_timeout = '500ms'");
        await migrate(drizzle(client), { migrationsFolder });
      } finally {
        await client.end();
      }
    },
    {
      retries: 30,
      minTimeout: 500,
      maxTimeout: 2_000,
      onFailedAttempt: ({ error }) => console.error(error.message),
      // A statement that is wrong is wrong again: SQLSTATE classes 22, 23 and 42.
      shouldRetry: ({ error }) => !/^(22|23|42)/.test(sqlState(error) ?? ''),
    },
  );
}

if (import.meta.main) {
  const password = readFileSync(process.env.DATABASE_PASSWORD_FILE ?? '', 'utf8').trim();
  const shop = fileURLToPath(new URL('../migrations', import.meta.url));
  await migrateDatabase(process.env.SHOP_DATABASE_URL ?? '', password, shop);
  console.log('database shop is at its newest schema');
  const payments = fileURLToPath(new URL('../../../apps/payments/migrations', import.meta.url));
  await migrateDatabase(process.env.PAYMENTS_DATABASE_URL ?? '', password, payments);
  console.log('database payments is at its newest schema');
}
