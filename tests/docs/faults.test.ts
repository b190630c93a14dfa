import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const lastCells = [...readFileSync(join(root, 'docs/faults.md'), 'utf8').matchAll(/\| ([^|\n]*) \|$/gm)];

test('the table of faults names only mutants that exist', () => {
  const named = lastCells
    .flatMap(([, cell]) => [...cell!.matchAll(/`([a-z0-9-]+)`/g)])
    .map(([, name]) => name);
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((name) => !existsSync(join(root, 'tests/mutants', `${name}.patch`)))).toEqual([]);
});
