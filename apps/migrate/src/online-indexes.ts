import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sqlState } from '@shop/database/errors.ts';
import type pg from 'pg';

const createIndex =
  /^CREATE INDEX IF NOT EXISTS "(?<index>\w+)" ON (?:"public"\.)?"(?<table>\w+)" (?<rest>[^;]+);/gm;

/** SQLSTATE of a column, an object, a function: an earlier migration of the same run makes it. */
const missing = ['42703', '42704', '42883'];

/**
 * Builds the indexes that migrations announce with `CREATE INDEX IF NOT EXISTS`, each `CONCURRENTLY` and outside of any
 * transaction, so that the tables stay writable. The migration then finds them there. The index of a table, column or
 * operator class that does not exist yet is left to the migration. An index that an interrupted build left behind is dropped and built again.
 *
 * @param files names of the migrations in `folder`.
 */
export async function buildIndexesOnline(client: pg.Client, folder: string, files: string[]): Promise<void> {
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  for (const { groups } of texts.flatMap((text) => [...text.matchAll(createIndex)])) {
    const { index = '', table = '', rest = '' } = groups ?? {};
    const { rows } = await client.query<{ exists: boolean; valid: boolean | null }>(
      `SELECT to_regclass($1) IS NOT NULL AS exists,
        (SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass($2)) AS valid`,
      [table, index],
    );
    if (!rows[0]?.exists || rows[0].valid) continue;
    if (rows[0].valid === false) await client.query(`DROP INDEX CONCURRENTLY "${index}"`);
    try {
      await client.query(`CREATE INDEX CONCURRENTLY IF NOT EXISTS "${index}" ON "${table}" ${rest}`);
    } catch (error) {
      if (!missing.includes(sqlState(error) ?? '')) throw error;
    }
  }
}
