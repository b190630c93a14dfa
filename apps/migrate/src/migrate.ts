import { readdir } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { withPassword } from '@shop/database/connection.ts';
import { sqlState } from '@shop/database/errors.ts';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import pRetry from 'p-retry';
import pg from 'pg';
import { backfill } from './backfill.ts';
import { buildIndexesOnline } from './online-indexes.ts';

/** Two arbitrary numbers that name this lock among the advisory locks of the database. */
const lockId = [7_100, 1] as const;

/**
 * Brings a database to the newest schema; running it again, or twice at once, changes nothing.
 *
 * @param url of the primary itself: the lock of a session does not survive PgBouncer's transaction pooling.
 * @param migrationsFolder what drizzle-kit wrote: SQL files, and `meta/_journal.json` with their order.
 * @throws when a statement is wrong, or when the primary is away or a lock is taken for half a minute.
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
        await takeLock(client);
        const files = (await readdir(migrationsFolder)).filter((file) => file.endsWith('.sql')).sort();
        await buildIndexesOnline(client, migrationsFolder, files);
        // The running version continues to serve. A change of a table that waits for its lock blocks every statement
        // behind it, so the wait is short, and the change is tried again.
        await client.query("SET lock_timeout = '500ms'");
        await migrate(drizzle(client), { migrationsFolder });
        await backfill(client, migrationsFolder);
      } finally {
        await client.end();
      }
    },
    {
      retries: 30,
      minTimeout: 500,
      maxTimeout: 2_000,
      onFailedAttempt: ({ error }) => console.error(error.message),
      // A wrong statement stays wrong, so it is not tried again: SQLSTATE classes 22, 23 and 42.
      shouldRetry: ({ error }) => !/^(22|23|42)/.test(sqlState(error) ?? ''),
    },
  );
}

/**
 * A session that waits inside `pg_advisory_lock` has a snapshot, and CREATE INDEX CONCURRENTLY would wait for its end.
 */
async function takeLock(client: pg.Client): Promise<void> {
  for (;;) {
    const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1, $2) AS taken', [
      ...lockId,
    ]);
    if (rows[0]?.taken) return;
    await setTimeout(100);
  }
}
