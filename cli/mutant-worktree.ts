import { readFile, rm } from 'node:fs/promises';
import { command } from '@shop/command/command.ts';
import { root, stateDir } from '@shop/command/folders.ts';
import { execa } from 'execa';
import type { PlaywrightResults, VitestResults } from './failures.ts';
import type { Mutant } from './mutant-files.ts';
import { type RanTest, testsOfPlaywright, testsOfVitest } from './verdict.ts';

/** The worktree in which mutants are made: its own checkout of HEAD and its own node_modules. */
const worktree = `${stateDir}mutants/`;
const unitResults = `${stateDir}mutants-unit.json`;

/**
 * Names, addresses and images of the topology that the worktree's `npm test` starts: beside those of `npm start` and of
 * this folder's `npm test`.
 */
export const ownTopology = {
  SHOP_TEST_PROJECT: 'shop-mutants',
  SHOP_TEST_SUBNET: '172.29',
  SHOP_TEST_PORTS: '28000',
  SHOP_IMAGES: 'shop-mutants',
};

/** A test that hangs is ended; the longest file of chaos tests takes minutes, and the first start builds every image. */
const longestMs = { unit: 3 * 60_000, topology: 45 * 60_000 };

/** Checks HEAD out anew. What a run left that was killed is removed first. */
export async function makeWorktree(): Promise<string> {
  await removeWorktree();
  await git(root, 'worktree', 'add', '--detach', worktree, 'HEAD');
  return await git(worktree, 'log', '-1', '--format=%h %s');
}

/** Installs the packages; those of the workspace have to be the worktree's own, so a link to node_modules would not do. */
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

/** Puts the mutant into the worktree while `work` runs. @throws ActionableError when the patch does not apply. */
export async function withMutant<T>({ patch }: Mutant, work: () => Promise<T>): Promise<T> {
  await git(worktree, 'apply', `${root}${patch}`);
  try {
    return await work();
  } finally {
    await git(worktree, 'reset', '--hard', '--quiet');
  }
}

export type RunOptions = {
  /** Where the runners' output goes. */
  output: 'inherit' | 'ignore';
  signal: AbortSignal;
};

/**
 * Runs test files of the worktree: units by Vitest itself, others by `npm test`, which builds the images again and leaves
 * the topology up for the next run. @returns the tests of each file that ran, by the file's path.
 */
export async function runTests(
  tests: Pick<Mutant, 'test' | 'suite'>[],
  options: RunOptions,
): Promise<Map<string, RanTest[]>> {
  const units = tests.filter(({ suite }) => suite === 'unit').map(({ test }) => test);
  const others = tests.filter(({ suite }) => suite !== 'unit');
  const ran = new Map<string, RanTest[]>();
  if (units.length > 0) {
    await rm(unitResults, { force: true });
    await run('vitest', ['run', '--project', 'unit', ...units], longestMs.unit, options);
    const results = await readIfThere<VitestResults>(unitResults);
    for (const test of units) ran.set(test, results ? testsOfVitest(results, test) : []);
  }
  if (others.length > 0) {
    await rm(`${worktree}.state/test-results`, { recursive: true, force: true });
    const files = others.map(({ test }) => test);
    await run('node', ['cli/test.ts', '--keep', ...files], longestMs.topology, options);
    for (const { test, suite } of others) ran.set(test, await testsOfSuite(suite, test));
  }
  return ran;
}

/** Reads what cli/suites.ts writes: Vitest's results, or those of Playwright, which run browser tests in two parts. */
async function testsOfSuite(suite: Mutant['suite'], test: string): Promise<RanTest[]> {
  const resultsOf = (name: string) => `${worktree}.state/test-results/${name}.json`;
  if (suite === 'integration') {
    const results = await readIfThere<VitestResults>(resultsOf(suite));
    return results ? testsOfVitest(results, test) : [];
  }
  const parts = suite === 'web' ? ['web', 'web-faults'] : [suite];
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
