import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const rooms = 'apps,packages,infra,tests,docs,cli,bench,labs,catalog,deploy';
const sources = globSync(`{${rooms}}/**/*.{ts,tsx,mjs,yml,yaml,conf,cfg,ini,sh,sql,lua,py}`, {
  cwd: root,
  exclude: (path) => /(^|\/)(node_modules|dist|\.turbo)$/.test(path),
});

/** The text behind `//`, `#`, `--`, `;` or `*`, wherever a line has it: addresses with `://` are not comments. */
const commentOf = (line: string) => /(?:^|\s)(?:\/\/|\/?\*+|#|--|;)\s(.*)/.exec(line)?.[1] ?? '';

const byRoom = new RegExp(`(?<![\\w./@-])(?:${rooms.replaceAll(',', '|')})/[\\w./-]+\\.\\w+`, 'g');
const documents = /(?<![\w./-])[A-Z][A-Z_-]+\.md\b/g;

/** Names of files in a text, by a room of the repository or by their own: `docs/api.md`, `ARCHITECTURE.md`. */
function filesNamedIn(text: string): string[] {
  return [...text.matchAll(byRoom), ...text.matchAll(documents)].map(([name]) => name);
}

function missingIn(path: string): string[] {
  const lines = readFileSync(join(root, path), 'utf8').split('\n');
  return lines.flatMap((line, index) => {
    const named = filesNamedIn(commentOf(line));
    const isThere = (name: string) =>
      existsSync(join(root, name)) || existsSync(join(root, dirname(path), name));
    return named.filter((name) => !isThere(name)).map((name) => `${path}:${index + 1} names ${name}`);
  });
}

test('comments name only files that exist', () => {
  expect(sources.length).toBeGreaterThan(300);
  expect(sources.flatMap(missingIn)).toEqual([]);
});

test('a comment that names a file that does not exist is found', () => {
  expect(filesNamedIn(commentOf('  /' + '/ NONE.md and docs/decisions/0099-none.md say why'))).toEqual([
    'docs/decisions/0099-none.md',
    'NONE.md',
  ]);
  expect(filesNamedIn(commentOf("import x from './docs/none.ts';"))).toEqual([]);
});
