import { globSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

// .dependency-cruiser.mjs says which room may import which. This test checks the same for paths inside strings: command
// lines, globs, URLs.

const root = fileURLToPath(new URL('../..', import.meta.url));
const rooms = ['cli', 'bench', 'tests', 'labs', 'deploy'];
const sources = globSync('{apps,packages,catalog,cli,bench,tests,labs,deploy,infra}/**/*.{ts,tsx,mjs}', {
  cwd: root,
  exclude: (path) => /(^|\/)(node_modules|dist|\.turbo)$/.test(path),
});

/**
 * Sources whose subject is files of other rooms: the runner of tests and mutants, the tests of documents, and the labs, which
 * tell a reader where a mechanism is written. The checklist names the file in which a person mends what it found. The rest
 * starts programs: the topology of the labs, the control room's labs and scenarios, the command that rotates keys, npm run
 * autoscale, the tests on Kubernetes; or checks which programs containers start.
 */
const runners = [
  /^cli\/(bootstrap\.mjs|(test|test-files|suites|playwright-suite|tasks|verdict|times|failures|mutants|mutant-\w+)(\.test)?\.ts)$/,
  /^tests\/docs\//,
  /^labs\/[^/]+\/lab\.ts$/,
  /^packages\/checklist\//,
  /^packages\/lab\/src\/topology\.ts$/,
  /^apps\/control-room\/src\/server\/experiments\/command\.ts$/,
  /^(tests\/e2e\/token-auth\.spec|cli\/token-keys)\.ts$/,
  /^tests\/chaos\/autoscale\.spec\.ts$/,
  /^deploy\/test-kubernetes\.ts$/,
  /^(infra\/dev\/compose|deploy\/workloads)\.test\.ts$/,
];

const comment = /\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm;
const path = /(?<![\w.@/-])(?:\.{1,2}\/)*((?:apps\/[\w-]+|cli|bench|tests|labs|deploy)\/)[\w*{][\w./*{},-]*/g;
/** A path from the folder of its own file, such as `../../worker/src/queues.ts` in an app. */
const relativePath = /(?<=['"`])(?:\.\.\/)+[\w*{][\w./*{},-]*/g;
const placeOf = (named: string) => /^(?:apps\/[^/]+|[^/]+)\//.exec(named)?.[0];

/** Paths in a source that belong to an app or a room which this source must not know. */
function strangersIn(file: string, source: string): string[] {
  if (runners.some((runner) => runner.test(file))) return [];
  const own = placeOf(file);
  const code = source.replaceAll(comment, '');
  const fromRoot = [...code.matchAll(path)].filter(([, place]) => place !== own);
  const fromFile = [...code.matchAll(relativePath)].filter(([named]) => {
    const place = placeOf(posix.join(posix.dirname(file), named));
    return place && place !== own && (place.startsWith('apps/') || rooms.includes(place.slice(0, -1)));
  });
  return [...new Set([...fromRoot, ...fromFile].map(([named]) => `${file} names ${named}`))];
}

test('no string names a path of an app or of another room', () => {
  expect(sources.length).toBeGreaterThan(400);
  expect(sources.flatMap((file) => strangersIn(file, readFileSync(posix.join(root, file), 'utf8')))).toEqual(
    [],
  );
});

test.each([
  ['packages/chaos/src/a.ts', "['node', 'apps/payments/src/behave.ts']", 'apps/payments/src/behave.ts'],
  [
    'packages/database/src/a.ts',
    "glob('../../apps/api/migrations/*.sql')",
    '../../apps/api/migrations/*.sql',
  ],
  ['packages/load/src/a.ts', 'const text = `runs bench/load/asks.ts`', 'bench/load/asks.ts'],
  ['apps/api/src/a.ts', "read('apps/worker/src/queues.ts')", 'apps/worker/src/queues.ts'],
  ['cli/seed.ts', "['node', 'apps/seed/src/bulk.ts']", 'apps/seed/src/bulk.ts'],
  ['bench/a.ts', "run('tests/chaos/overload.spec.ts')", 'tests/chaos/overload.spec.ts'],
  ['labs/kit/a.ts', 'new URL(`../cli/start.ts`, base)', '../cli/start.ts'],
  ['apps/api/src/a.ts', "read('../../worker/src/queues.ts')", '../../worker/src/queues.ts'],
  ['infra/dev/a.ts', "['node', 'cli/start.ts']", 'cli/start.ts'],
  ['deploy/a.ts', "run('cli/start.ts')", 'cli/start.ts'],
])('%s must not say %s', (file, source, named) => {
  expect(strangersIn(file, source)).toEqual([`${file} names ${named}`]);
});

test.each([
  ['apps/api/src/openapi.ts', "write('apps/api/openapi.json')", 'its own app'],
  ['bench/bench.ts', "['node', 'bench/load/asks.ts']", 'its own room'],
  ['apps/migrate/src/a.ts', "read('packages/database/migrations')", 'a package'],
  [
    'packages/chaos/src/a.ts',
    '// tests/chaos/restart.spec.ts shows it\n/** As apps/api does. */',
    'a comment',
  ],
  ['packages/chaos/src/a.ts', "get('/api/tests/1'); import './tests.ts'", 'no path of a room'],
  ['cli/mutant-files.ts', "glob('tests/mutants/*.patch')", 'the runner of tests'],
])('%s may say %s: %s', (file, source) => {
  expect(strangersIn(file, source)).toEqual([]);
});

test('every room of the list is checked', () => {
  for (const room of rooms.filter((name) => globSync(name, { cwd: root }).length > 0))
    expect(
      sources.some((file) => file.startsWith(`${room}/`)),
      room,
    ).toBe(true);
});
