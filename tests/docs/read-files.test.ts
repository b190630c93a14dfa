import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const sources = globSync('{apps,packages,infra,tests,cli,bench,labs,deploy}/**/*.{ts,tsx,mjs}', {
  cwd: root,
  exclude: (path) => /(^|\/)(node_modules|dist|\.turbo)$/.test(path),
});

/** Files that a source names by a URL beside its own. Folders may be built later. */
const filesReadIn = (text: string): string[] =>
  [...text.matchAll(/new URL\(\s*'([\w./-]+\.\w+)',\s*import\.meta\.url/g)].map(([, name]) => name!);

function missingIn(path: string): string[] {
  const named = filesReadIn(readFileSync(join(root, path), 'utf8'));
  return named
    .filter((name) => !existsSync(join(root, dirname(path), name)))
    .map((name) => `${path} reads ${name}`);
}

test('programs read only files that exist', () => {
  expect(
    sources.flatMap((path) => filesReadIn(readFileSync(join(root, path), 'utf8'))).length,
  ).toBeGreaterThan(8);
  expect(sources.flatMap(missingIn)).toEqual([]);
});
