import { existsSync, readFileSync } from 'node:fs';
import { root } from '@shop/command/folders.ts';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { chooseMutants, parseMutant, patternOf, readMutants } from './mutant-files.ts';

const mutants = await readMutants();

test('there are at least forty, for the API, the worker, the edge, the packages and the fencer', () => {
  expect(mutants.length).toBeGreaterThanOrEqual(40);
  const patches = mutants.map(({ patch }) => readFileSync(`${root}${patch}`, 'utf8')).join('\n');
  for (const part of ['apps/api', 'apps/worker', 'apps/fencer', 'infra/edge', 'packages/database']) {
    expect(patches).toContain(`--- a/${part}/`);
  }
});

describe.each(mutants)('$name', ({ patch, test: file, title }) => {
  test('applies to these sources', async () => {
    const { exitCode, stderr } = await execa('git', ['apply', '--check', patch], {
      cwd: root,
      reject: false,
    });
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
  });

  test('changes sources of the shop alone, and adds no file', () => {
    const text = readFileSync(`${root}${patch}`, 'utf8');
    const changed = [...text.matchAll(/^(?:---|\+\+\+) (.*)$/gm)].map(([, path]) => path);
    expect(changed.length).toBeGreaterThanOrEqual(2);
    for (const path of changed) expect(path).toMatch(/^[ab]\/(apps|packages|infra)\//);
  });

  test('names a test that exists', () => {
    expect(existsSync(`${root}${file}`), file).toBe(true);
    // A title with placeholders, or one that is put together, has to be named by a part that stands in the file.
    expect(title ?? '').not.toMatch(/%[a-z]|\$/);
    if (title) expect(readFileSync(`${root}${file}`, 'utf8')).toContain(title);
  });
});

describe('the header of a mutant', () => {
  const diff = 'diff --git a/apps/x.ts b/apps/x.ts\n--- a/apps/x.ts\n+++ b/apps/x.ts\n';

  test('says what is broken and which test objects', () => {
    const text = `The edge forgets\nwhat it knows.\nObjects: tests/e2e/edge.spec.ts › a title › in parts\n\n${diff}`;
    expect(parseMutant('tests/mutants/edge-forgets.patch', text)).toEqual({
      name: 'edge-forgets',
      patch: 'tests/mutants/edge-forgets.patch',
      broken: 'The edge forgets what it knows.',
      test: 'tests/e2e/edge.spec.ts',
      title: 'a title › in parts',
      suite: 'e2e',
      changed: ['apps/x.ts'],
    });
  });

  test.each([
    ['says nothing', diff, 'does not say what is broken'],
    ['names no test', `Something is broken.\n\n${diff}`, 'names no test file'],
    ['names a file that is no test', `Something.\nObjects: cli/test.ts\n\n${diff}`, 'names no test file'],
  ])('is refused when it %s', (_, text, reason) => {
    expect(() => parseMutant('tests/mutants/some.patch', text)).toThrow(reason);
  });
});

test('mutants are chosen by parts of their names', () => {
  const [one, two] = mutants;
  expect(chooseMutants(mutants, [])).toEqual(mutants);
  expect(chooseMutants(mutants, [one!.name, two!.name]).slice(0, 2)).toEqual([one, two]);
  expect(() => chooseMutants(mutants, ['no-such-mutant'])).toThrow('"no-such-mutant"');
});

test('titles become one expression that fits them alone, and none when a whole file is named', () => {
  const pattern = new RegExp(patternOf([{ title: 'a (b)?' }, { title: 'c' }, { title: 'c' }])!);
  expect(['x a (b)? y', 'c', 'a ', 'ab'].map((title) => pattern.test(title))).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect(patternOf([{ title: 'a' }, {}])).toBeUndefined();
});
