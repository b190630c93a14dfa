import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const compose = readFileSync(join(import.meta.dirname, 'compose.yml'), 'utf8');
const commands = [...compose.matchAll(/command: \[node, (.*infra\/dev\/watch\.ts.*)\]/g)].map(([, words]) =>
  words!.split(', ').filter((word) => !word.startsWith('--')),
);

test('watch mode watches the programs api and worker with all packages', () => {
  expect(commands.map(([, program]) => program)).toEqual(['apps/api/src/main.ts', 'apps/worker/src/main.ts']);
  for (const [watcher, program, ...folders] of commands) {
    expect(folders).toContain('packages');
    for (const path of [watcher, program, ...folders]) expect(existsSync(join(root, path!)), path).toBe(true);
    // The sources of the program itself are among the watched folders.
    expect(folders.some((folder) => program!.startsWith(`${folder}/`))).toBe(true);
  }
});
