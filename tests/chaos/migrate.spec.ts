import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { nothingFailed } from '@shop/chaos/checkers/nothing-failed.ts';
import { everyAcknowledgedOrderExistsOnce } from '@shop/chaos/checkers/orders-exist-once.ts';
import { stockIsConserved } from '@shop/chaos/checkers/stock-conserved.ts';
import { runScenario } from '@shop/chaos/scenarios/run.ts';
import { quiesce } from '@shop/chaos/topology/quiesce.ts';
import { compose, primaryNode, queryNode } from '@shop/chaos/topology/topology.ts';

/** A step forward in SQL, as drizzle-kit would write it, and the way back for the next test. */
type Migration = { sql: string[]; undo: string[] };

/** One of each that the check of migrations lets pass (cli/migrations.test.ts), on the tables that every call uses. */
const expand: Migration = {
  sql: [
    'ALTER TABLE products ADD COLUMN chaos_weight integer',
    "ALTER TABLE products ADD COLUMN chaos_unit text NOT NULL DEFAULT 'piece'",
    'ALTER TABLE orders ADD COLUMN chaos_gift boolean NOT NULL DEFAULT false',
    'ALTER TABLE products ADD CONSTRAINT chaos_light CHECK (chaos_weight < 1000) NOT VALID',
    'CREATE TABLE chaos_wishes (product_id uuid PRIMARY KEY REFERENCES products (id))',
  ],
  undo: [
    'DROP TABLE IF EXISTS chaos_wishes',
    'ALTER TABLE orders DROP COLUMN IF EXISTS chaos_gift',
    'ALTER TABLE products DROP COLUMN IF EXISTS chaos_unit, DROP COLUMN IF EXISTS chaos_weight',
  ],
};

/** What that check refuses: the version that runs still asks for the column. */
const incompatible: Migration = {
  sql: ['ALTER TABLE products RENAME COLUMN description TO chaos_description'],
  undo: [
    `DO $$ BEGIN ALTER TABLE products RENAME COLUMN chaos_description TO description;
     EXCEPTION WHEN undefined_column THEN NULL; END $$`,
  ],
};

/** Runs a migration with the program and the rights of `npm run deploy`, while the old version serves. */
async function migrateUnderLoad({ sql, undo }: Migration) {
  const folder = await mkdtemp(join(tmpdir(), 'migrations-'));
  // The migrator is another process, in a container.
  await chmod(folder, 0o755);
  const when = Date.now();
  const entry = { idx: 0, version: '7', when, tag: '0000_chaos', breakpoints: true };
  await mkdir(join(folder, 'meta'));
  await writeFile(
    join(folder, 'meta/_journal.json'),
    JSON.stringify({ version: '7', dialect: 'postgresql', entries: [entry] }),
  );
  await writeFile(join(folder, '0000_chaos.sql'), sql.join(';\n--> statement-breakpoint\n'));
  const mount = `${folder}:/shop/packages/database/migrations:ro`;
  return await runScenario({
    name: 'migrate',
    fault: async (history) => {
      history.mark('migration');
      await compose(['run', '--rm', '--no-deps', '--no-TTY', '--volume', mount, 'migrate']);
      history.mark('migrated');
    },
    undo: async () => {
      const primary = await primaryNode();
      for (const statement of undo) await queryNode(primary, `SET lock_timeout = '5s'; ${statement}`);
      await queryNode(primary, `DELETE FROM drizzle.__drizzle_migrations WHERE created_at = ${when}`);
      await rm(folder, { recursive: true });
    },
  });
}

test('no request fails while an expand step of the schema runs and the old version goes on with it', async () => {
  const { history, items } = await migrateUnderLoad(expand);

  nothingFailed(history);
  await quiesce();
  await everyAcknowledgedOrderExistsOnce(history, items);
  await stockIsConserved(items);
});

test('control: the checker objects to a step that removes what the old version uses', {
  tag: '@nightly',
}, async () => {
  const { history } = await migrateUnderLoad(incompatible);
  expect(() => nothingFailed(history)).toThrow(/operations failed/);
});
