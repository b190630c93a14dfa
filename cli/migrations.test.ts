import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { root } from '@shop/command/folders.ts';
import { releaseOfSources } from '@shop/command/sources.ts';
import { execa } from 'execa';
import { lt, valid } from 'semver';
import { describe, expect, test } from 'vitest';
import { contractOf, migrationFiles } from './migrations.ts';

/** What takes something away that the version before may use: for contract steps only. */
const contractRules = [
  'ban-drop-column',
  'ban-drop-table',
  'renaming-column',
  'renaming-table',
  'changing-column-type',
  'adding-required-field',
  'adding-not-nullable-field',
];

/** What the linter says against a migration (rules in .squawk.toml); empty when the version before can live with it. */
async function complaintsAbout(sql: string): Promise<string[]> {
  const exclude = contractOf(sql) ? [`--exclude=${contractRules.join(',')}`] : [];
  const { stdout } = await execa('squawk', ['--reporter=json', ...exclude], {
    cwd: root,
    preferLocal: true,
    input: sql,
    reject: false,
  });
  return JSON.parse(stdout).map(({ rule_name }: { rule_name: string }) => rule_name);
}

const files = globSync(migrationFiles, { cwd: root });

test('there are migrations of both databases to look at', () => {
  expect(files.length).toBeGreaterThanOrEqual(2);
});

describe.each(files)('%s', (file) => {
  test('can run while the previous version serves', async () => {
    expect(await complaintsAbout(await readFile(`${root}${file}`, 'utf8'))).toEqual([]);
  });

  test('removes only what an earlier release no longer uses', async () => {
    const needed = contractOf(await readFile(`${root}${file}`, 'utf8'));
    if (needed === null) return;
    expect(valid(needed), `-- contract: ${needed}`).not.toBeNull();
    expect(lt(needed, await releaseOfSources()), `${needed} is released`).toBe(true);
  });
});

describe('the check of a migration', () => {
  test.each([
    ['ban-drop-column', 'ALTER TABLE products DROP COLUMN description'],
    ['ban-drop-table', 'DROP TABLE reviews'],
    ['renaming-column', 'ALTER TABLE products RENAME COLUMN stock TO in_stock'],
    ['renaming-table', 'ALTER TABLE products RENAME TO things'],
    ['changing-column-type', 'ALTER TABLE products ALTER COLUMN stock TYPE text'],
    ['adding-required-field', 'ALTER TABLE products ADD COLUMN weight integer NOT NULL'],
    ['adding-not-nullable-field', 'ALTER TABLE uploads ALTER COLUMN sha256 SET NOT NULL'],
    ['constraint-missing-not-valid', 'ALTER TABLE products ADD CONSTRAINT cheap CHECK (price_cents < 100)'],
    ['require-concurrent-index-creation', 'CREATE INDEX ON orders (total_cents)'],
  ])('objects, %s: %s', async (rule, sql) => {
    expect(await complaintsAbout(`${sql};`)).toContain(rule);
    const marked = await complaintsAbout(`-- contract: 0.0.1\n${sql};`);
    expect(marked.includes(rule)).toBe(!contractRules.includes(rule));
  });

  test.each([
    'ALTER TABLE products ADD COLUMN weight integer',
    "ALTER TABLE products ADD COLUMN unit text NOT NULL DEFAULT 'piece'",
    'CREATE TABLE wishes (id uuid PRIMARY KEY); CREATE INDEX ON wishes (id)',
    'ALTER TABLE products ADD CONSTRAINT cheap CHECK (price_cents < 100) NOT VALID',
  ])('lets an expand step pass: %s', async (sql) => {
    expect(await complaintsAbout(`${sql};`)).toEqual([]);
  });
});
