import { glob, readFile, rm } from 'node:fs/promises';
import { root, stateDir } from '@shop/command/folders.ts';
import { environmentOfTests } from '@shop/docker/environment-of-tests.ts';
import { compose, environmentOf, type Topology } from '@shop/docker/topology.ts';
import { execa } from 'execa';
import {
  type Failure,
  failuresOfPlaywright,
  failuresOfVitest,
  type PlaywrightResults,
  type VitestResults,
} from './failures.ts';
import { runTasks } from './tasks.ts';
import { compareTimes, timesOf } from './times.ts';

/** What came of a suite. `failures` may be fewer than `failed`: a runner can end without a word. */
export type Count = { passed: number; failed: number; failures: Failure[] };

/** Style, types, direction of imports, freshness of generated files: each task of a package counts as one test. */
export async function codeChecks(): Promise<Count> {
  const tasks = await runTasks(['lint', 'typecheck', 'imports', 'check:generated']);
  const failed = tasks.filter(({ passed }) => !passed);
  const failures = failed.map(({ name, log }) => ({ title: name, message: log }));
  return failIfEmpty({ passed: tasks.length - failed.length, failed: failed.length, failures }, false);
}

/**
 * Vitest on the host: nothing but code. A package whose sources have not changed is not run again; its results are those
 * of its last run. `files`: parts of paths, which are always run; all tests when there is none.
 */
export async function unitSuite(files: string[]): Promise<Count> {
  if (files.length > 0) return await unitFiles(files);
  // Where a runner dies without a word, the results of its last run must not stand in for it; unchanged ones come back.
  for await (const old of glob('{*,*/*}/test-results/unit.json', { cwd: root })) await rm(`${root}${old}`);
  const sum: Count = { passed: 0, failed: 0, failures: [] };
  let runnerFailed = false;
  for (const { name, folder, passed, log } of await runTasks(['test'])) {
    const count = await vitestCount(`${root}${folder}/test-results/unit.json`, !passed);
    if (!passed && count.failures.length === 0) count.failures.push({ title: name, message: log });
    sum.passed += count.passed;
    sum.failed += count.failed;
    sum.failures.push(...count.failures);
    runnerFailed ||= !passed;
  }
  return failIfEmpty(sum, runnerFailed);
}

async function unitFiles(files: string[]): Promise<Count> {
  const results = `${stateDir}test-results/unit.json`;
  const { failed } = await execa('vitest', ['run', '--project', 'unit', ...files], {
    cwd: root,
    preferLocal: true,
    reject: false,
    stdio: 'inherit',
    env: { VITEST_JSON: results },
  });
  return await vitestCount(results, failed);
}

/** Vitest in a container of the test image, inside the network of the stores. `files` as of `unitSuite`. */
export async function integrationSuite(topology: Topology, files: string[]): Promise<Count> {
  const container = `${topology.project}-integration`;
  const inContainer = '/tmp/integration.json';
  const results = `${stateDir}test-results/integration.json`;
  await execa('docker', ['rm', '--force', container], { reject: false });
  await compose(topology, ['--profile', 'test', 'build', 'integration'], { log: 'build-test.log' });
  const { failed } = await execa(
    'docker',
    [
      'compose',
      '--profile',
      'test',
      'run',
      '--name',
      container,
      '--no-deps',
      '--env',
      `VITEST_JSON=${inContainer}`,
      'integration',
      'node_modules/.bin/vitest',
      'run',
      '--project',
      'integration',
      ...files,
    ],
    { cwd: root, reject: false, stdio: 'inherit', env: environmentOf(topology) },
  );
  await execa('docker', ['cp', `${container}:${inContainer}`, results], { reject: false });
  await execa('docker', ['rm', '--force', container], { reject: false });
  return await vitestCount(results, failed);
}

export type PlaywrightRun = {
  projects: string[];
  /** Tests at the same time, if not as many as half the cores. */
  workers?: number;
  /** Tests that are left out, by a regular expression on titles and tags. */
  without?: string | undefined;
};

/** Playwright's runner on the host, through the edges: these runs, one after the other. */
export async function playwrightSuite(
  runs: PlaywrightRun[],
  topology: Topology,
  files: string[],
): Promise<Count> {
  const sum: Count = { passed: 0, failed: 0, failures: [] };
  let runnerFailed = false;
  for (const run of runs) {
    const { passed, failed, failures, exitCode } = await playwright(run, topology, files);
    sum.passed += passed;
    sum.failed += failed;
    sum.failures.push(...failures);
    runnerFailed ||= exitCode !== 0;
  }
  return failIfEmpty(sum, runnerFailed);
}

async function playwright(
  { projects, workers, without }: PlaywrightRun,
  topology: Topology,
  files: string[],
) {
  const results = `${stateDir}test-results/${projects[0]}.json`;
  // A folder each: a run empties its own before it begins.
  const flags = [
    '--config=tests/playwright.config.ts',
    ...projects.map((name) => `--project=${name}`),
    `--output=test-results/${projects[0]}`,
  ];
  if (workers) flags.push(`--workers=${workers}`);
  if (without) flags.push(`--grep-invert=${without}`);
  // A file that was asked for need not be in each of the runs; that none ran at all, `failIfEmpty` sees.
  const { exitCode } = await execa('playwright', ['test', ...flags, '--pass-with-no-tests', ...files], {
    cwd: root,
    preferLocal: true,
    reject: false,
    stdio: 'inherit',
    env: { ...environmentOfTests(topology), PLAYWRIGHT_JSON: results },
  });
  const nothing: PlaywrightResults = {
    stats: { expected: 0, unexpected: 0, flaky: 0 },
    suites: [],
    errors: [],
  };
  const { stats, ...rest } = await readResults(results, nothing);
  const failures = failuresOfPlaywright({ stats, ...rest });
  const slower = await compareTimes(`${stateDir}test-times.json`, timesOf(rest));
  if (slower.length > 0) console.log(`\nSlower than in the run before:\n  ${slower.join('\n  ')}`);
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky, failures, exitCode };
}

async function vitestCount(file: string, failed: boolean): Promise<Count> {
  const nothing: VitestResults = { numPassedTests: 0, numFailedTests: 0, testResults: [] };
  const results = await readResults(file, nothing);
  const failures = failuresOfVitest(results);
  return failIfEmpty({ passed: results.numPassedTests, failed: results.numFailedTests, failures }, failed);
}

/** A runner that failed without a failed test (a file that does not load, say), or that ran nothing, has failed. */
function failIfEmpty({ passed, failed, failures }: Count, runnerFailed: boolean): Count {
  return { passed, failed: failed === 0 && (runnerFailed || passed === 0) ? 1 : failed, failures };
}

async function readResults<T>(file: string, otherwise: T): Promise<T> {
  return await readFile(file, 'utf8').then(JSON.parse, () => otherwise);
}
