import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { problemCodes } from '@shop/contracts/problems.ts';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const written = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'deploy/chart/README.md'];
/** Results name the files of the commit that they were measured at; error pages name no files. */
const documents = [...written, ...globSync('docs/{,decisions/,runbooks/}*.md', { cwd: root })].sort();
const scripts = Object.keys(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts);

/** Folders at the root, so that `apps/api/...` is taken for a path and `GET /api/orders` is not. */
const tops = 'apps|packages|infra|tests|docs|cli|bench|catalog|deploy';

describe.each(documents)('%s', (document) => {
  const text = readFileSync(join(root, document), 'utf8');

  test('names only files that exist', () => {
    const named = [...text.matchAll(new RegExp(`\`((?:${tops})/[^\`\\s<>*…{]+)\``, 'g'))].map(
      ([, path]) => path!,
    );
    const linked = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, path]) =>
      join(dirname(document), path!),
    );
    const started = [...text.matchAll(new RegExp(`\\bnode ((?:${tops})/[\\w./-]+)`, 'g'))].map(
      ([, path]) => path!,
    );
    const missing = [...named, ...linked, ...started].filter((path) => !existsSync(join(root, path)));
    expect(missing).toEqual([]);
  });

  test('shows only pictures that exist', () => {
    const shown = [...text.matchAll(/(?:src|srcset)="(?!https?:)([^"]+)"/g)].map(([, path]) =>
      join(dirname(document), path!),
    );
    expect(shown.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  test('names only commands that exist', () => {
    const named = [...text.matchAll(/`?npm (?:run ([a-z:-]+)|(start|stop|test))\b/g)].map(
      ([, run, direct]) => (run ?? direct)!,
    );
    const missing = named.filter((name) => !scripts.includes(name));
    expect(missing).toEqual([]);
  });
});

test('README opens with a picture of the shop', () => {
  const [opening = ''] = readFileSync(join(root, 'README.md'), 'utf8').split('\n## ');
  const [, picture = ''] = /<img src="([^"]+)"/.exec(opening) ?? [];
  expect(existsSync(join(root, picture)), picture).toBe(true);
  expect(picture).toMatch(/^docs\/screenshots\//);
});

test('every problem code has its page, and every page its code', () => {
  const pages = readdirSync(join(root, 'docs/errors')).map((name) => name.replace(/\.md$/, ''));
  expect(pages.sort()).toEqual([...problemCodes].sort());
});

test('every command of package.json is in the list of commands', () => {
  const listed = readFileSync(join(root, 'docs/commands.md'), 'utf8');
  // Parts of `npm run check`, which Turborepo runs.
  const { tasks } = JSON.parse(readFileSync(join(root, 'turbo.json'), 'utf8'));
  const parts = Object.keys(tasks)
    .filter((task) => task.startsWith('//#'))
    .map((task) => task.slice(3));
  const commands = scripts.filter((name) => !parts.includes(name));
  const missing = commands.filter((name) => !new RegExp(`npm (run )?${name}\\b`).test(listed));
  expect(missing).toEqual([]);
});
