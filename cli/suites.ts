import { glob, rm, writeFile } from 'node:fs/promises';
import { root, stateDir } from '@shop/command/folders.ts';
import { remove } from '@shop/docker/engine-api.ts';
import { readFrom } from '@shop/docker/in-container.ts';
import { compose, composeAttached, type Topology } from '@shop/docker/topology.ts';
import { execa } from 'execa';
import { failuresOfVitest, type VitestResults } from './failures.ts';
import { type Count, failIfEmpty, readResults } from './suite-count.ts';
import { runTasks } from './tasks.ts';

/**
 * Style, types, direction of imports, and whether generated files are up to date: each task of a package counts as one
 * test.
 */
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
  // If a runner dies without a result, the results of its last run must not count; those of unchanged packages come
  // back.
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

/**
 * Vitest in a container of the test image, inside the network of the stores. `files` as of `unitSuite`. `titles`: only
 * tests whose titles this regular expression fits. `mounted`: sources that take the place of those in the image, which
 * then is not built again.
 */
export async function integrationSuite(
  topology: Topology,
  files: string[],
  { titles, mounted }: { titles?: string | undefined; mounted?: string[] | undefined } = {},
): Promise<Count> {
  const container = `${topology.project}-integration`;
  const inContainer = '/tmp/integration.json';
  const results = `${stateDir}test-results/integration.json`;
  await remove(container);
  if (!mounted) {
    await compose(topology, ['--profile', 'test', 'build', 'integration'], { log: 'build-test.log' });
  }
  const mounts = (mounted ?? []).flatMap((path) => ['--volume', `${root}${path}:/shop/${path}:ro`]);
  const run = ['run', '--name', container, '--no-deps', '--env', `VITEST_JSON=${inContainer}`, ...mounts];
  const only = titles ? ['--testNamePattern', titles] : [];
  const vitest = ['node_modules/.bin/vitest', 'run', '--project', 'integration*', ...only, ...files];
  const exitCode = await composeAttached(topology, ['--profile', 'test', ...run, 'integration', ...vitest]);
  // A runner that dies leaves no results: `vitestCount` reports that.
  const json = await readFrom(container, inContainer).catch(() => undefined);
  if (json) await writeFile(results, json);
  await remove(container);
  return await vitestCount(results, exitCode !== 0);
}

async function vitestCount(file: string, failed: boolean): Promise<Count> {
  const nothing: VitestResults = { numPassedTests: 0, numFailedTests: 0, testResults: [] };
  const results = await readResults(file, nothing);
  const failures = failuresOfVitest(results);
  return failIfEmpty({ passed: results.numPassedTests, failed: results.numFailedTests, failures }, failed);
}
