import { glob, readFile } from 'node:fs/promises';
import type pg from 'pg';

/**
 * Runs each statement in `backfills/*.sql` of a migrations folder until it changes no row: rows that were there before a
 * migration get what new ones get. Each run is a transaction of its own and handles a bounded number of rows, so the
 * version that serves waits for none of it. Safe to repeat.
 */
export async function backfill(client: pg.Client, migrationsFolder: string): Promise<void> {
  for await (const file of glob(`${migrationsFolder}/backfills/*.sql`)) {
    const statement = await readFile(file, 'utf8');
    for (let changed = 1; changed > 0; ) changed = (await client.query(statement)).rowCount ?? 0;
  }
}
