import { glob, readFile } from 'node:fs/promises';
import type pg from 'pg';

/**
 * Runs each statement in `backfills/*.sql` of a migrations folder until it changes no row: rows from before a migration
 * get the values that new rows get. Each run is a transaction of its own and changes a limited number of rows, so the
 * running version waits for none of it. Safe to repeat.
 */
export async function backfill(client: pg.Client, migrationsFolder: string): Promise<void> {
  for await (const file of glob(`${migrationsFolder}/backfills/*.sql`)) {
    const statement = await readFile(file, 'utf8');
    for (let changed = 1; changed > 0; ) changed = (await client.query(statement)).rowCount ?? 0;
  }
}
