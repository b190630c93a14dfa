import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brokenVariants } from '@shop/config/broken-variant.ts';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');

const table = read('docs/decisions/0013-broken-variants.md');
const specs = readdirSync(join(root, 'tests/chaos'))
  .filter((name) => name.endsWith('.spec.ts'))
  .map((name) => `tests/chaos/${name}`);

test.each(brokenVariants)('%s has its row, and each spec that the row names runs it', (variant) => {
  const row = table.split('\n').find((line) => line.startsWith(`| \`${variant}\` |`));
  expect(row, 'row of docs/decisions/0013-broken-variants.md').toBeDefined();
  const named = [...row!.matchAll(/`(tests\/chaos\/[^`]+)`/g)].map(([, path]) => path!);
  const running = specs.filter((path) => read(path).includes(`'${variant}'`));
  expect(named).not.toEqual([]);
  expect(running).toEqual(expect.arrayContaining(named));
});
