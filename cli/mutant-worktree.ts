import { readFile, rm, symlink } from 'node:fs/promises';
import { command } from '@shop/command/command.ts';
import { root, stateDir } from '@shop/command/folders.ts';
import { execa } from 'execa';
import type { PlaywrightResults, VitestResults } from './failures.ts';
import { type Mutant, patternOf } from './mutant-files.ts';
import { type RanTest, testsOfPlaywright, testsOfVitest } from './verdict.ts';

/** The worktree in which mutants are made: its own checkout of HEAD and its own node_modules. */
const worktree = `${stateDir}mutants/`;
const unitResults = `${stateDir}mutants-unit.json`;

/**
 * Names, addresses and images of the topology that the worktree's `npm test` starts. It shares nothing with that of
 * `npm start` or of this folder's `npm test`.
 */
export const ownTopology = {
  SHOP_TEST_PROJECT: 'shop-mutants',
  SHOP_TEST_SUBNET: '172.29',
  SHOP_TEST_PORTS: '28000',
  SHOP_IMAGES: 'shop-mutants',
};

/** A test that hangs is stopped. The longest chaos test takes minutes, and the first start builds every image. */
const longestMs = { unit: 3 * 60_000, topology: 45 * 60_000 };

/** Removes what a killed run has left and checks HEAD out. @throws ActionableError when a mutant does not apply. */
export async function makeWorktree(mutants: Pick<Mutant, 'patch'>[]): Promise<string> {
  await removeWorktree();
  await git(root, 'worktree', 'add', '--detach', worktree, 'HEAD');
  // The browser and Schemathesis would be installed again, which takes a minute.
  await symlink(`${root}.tools`, `${worktree}.tools`);
  for (const { patch } of mutants) await git(worktree, 'apply', '--check', `${root}${patch}`);
  return await git(worktree, 'log', '-1', '--format=%h %s');
}

/**
 * Installs the packages. The workspace's own packages must be those of the worktree, so a link to node_modules would
 * not do.
 */
export async function installPackages(): Promise<string> {
  await command('pnpm', ['install', '--offline', '--frozen-lockfile', '--dir', worktree], {
    log: 'mutants-install.log',
  });
  return 'installed';
}

/** Removes the worktree, if there is one. */
export async function removeWorktree(): Promise<void> {
  await execa('git', ['worktree', 'remove', '--force', worktree], { cwd: root, reject: false });
  await rm(worktree, { recursive: true, force: true });
  await git(root, 'worktree', 'prune');
}

/** Applies the mutant to the worktree while `work` runs. @throws ActionableError when the patch does not apply. */
export async function withMutant<T>({ patch }: Mutant, work: () => Promise<T>): Promise<T> {
  await git(worktree, 'apply', `${root}${patch}`);
  try {
    return await work();
  } finally {
    await git(worktree, 'reset', '--hard', '--quiet');
  }
}

export type RunOptions = {
  /** The file for the runners' output. */
  output: 'inherit' | 'ignore';
  signal: AbortSignal;
  /** The services of the running topology that are built and replaced; undefined: whatever has changed. */
  replace?: string[] | undefined;
};

/**
 * Runs test files of the worktree: units by Vitest itself, others by `npm test`, which builds images again and leaves the
 * topology up for the next run. @returns the tests of each file that ran, by the file's path.
 */
export async function runTests(
  tests: Pick<Mutant, 'test' | 'title' | 'suite'>[],
  options: RunOptions,
): Promise<Map<string, RanTest[]>> {
  const ofUnits = tests.filter(({ suite }) => suite === 'unit');
  const units = [...new Set(ofUnits.map(({ test }) => test))];
  const others = tests.filter(({ suite }) => suite !== 'unit');
  const ran = new Map<string, RanTest[]>();
  if (units.length > 0) {
    await rm(unitResults, { force: true });
    const pattern = patternOf(ofUnits);
    const only = pattern ? ['--testNamePattern', pattern] : [];
    await run('vitest', ['run', '--project', 'unit', ...only, ...units], longestMs.unit, options);
    const results = await readIfThere<VitestResults>(unitResults);
    for (const test of units) ran.set(test, results ? testsOfVitest(results, test) : []);
  }
  if (others.length > 0) {
    await rm(`${worktree}.state/test-results`, { recursive: true, force: true });
    const pattern = patternOf(others);
    const titles = pattern ? ['--titles', pattern] : [];
    const files = [...new Set(others.map(({ test }) => test))];
    const replace = options.replace ? ['--replace', options.replace.join(',') || 'none'] : [];
    await run(
      'node',
      ['cli/test.ts', '--keep', ...replace, ...titles, ...files],
      longestMs.topology,
      options,
    );
    for (const { test, suite } of others) ran.set(test, await testsOfSuite(suite, test));
  }
  return ran;
}

/** Reads the results that `npm test` writes: Vitest's, or Playwright's, which runs some suites in two parts. */
async function testsOfSuite(suite: Mutant['suite'], test: string): Promise<RanTest[]> {
  const resultsOf = (name: string) => `${worktree}.state/test-results/${name}.json`;
  if (suite === 'integration') {
    const results = await readIfThere<VitestResults>(resultsOf(suite));
    return results ? testsOfVitest(results, test) : [];
  }
  const parts = { e2e: ['e2e', 'e2e-crowds'], web: ['web', 'web-faults'] }[suite as string] ?? [suite];
  const results = await Promise.all(parts.map((part) => readIfThere<PlaywrightResults>(resultsOf(part))));
  return results.flatMap((part) => (part ? testsOfPlaywright(part, test) : []));
}

async function run(
  program: string,
  args: string[],
  timeout: number,
  { output, signal }: RunOptions,
): Promise<void> {
  await execa(program, args, {
    cwd: worktree,
    preferLocal: true,
    localDir: worktree,
    reject: false,
    stdin: 'ignore',
    stdout: output,
    stderr: output,
    timeout,
    cancelSignal: signal,
    env: { ...ownTopology, VITEST_JSON: unitResults },
  });
}

async function readIfThere<T>(file: string): Promise<T | undefined> {
  return await readFile(file, 'utf8').then(JSON.parse, () => undefined);
}

async function git(cwd: string, ...args: string[]): Promise<string> {
  return await command('git', ['-C', cwd, ...args], {
    hint: 'mutants are made in a worktree of git: run the command in a clone whose HEAD is a commit',
  });
}
