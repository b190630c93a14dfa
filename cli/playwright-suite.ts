import { root, stateDir } from '@shop/command/folders.ts';
import { environmentOfTests } from '@shop/docker/environment-of-tests.ts';
import type { Topology } from '@shop/docker/topology.ts';
import { execa } from 'execa';
import { failuresOfPlaywright, type PlaywrightResults } from './failures.ts';
import { type Count, failIfEmpty, readResults } from './suite-count.ts';
import { compareTimes, timesOf } from './times.ts';

export type PlaywrightRun = {
  projects: string[];
  /** How many tests run at the same time; half as many as cores by default. */
  workers?: number;
  /** The only tests that run, by a regular expression on titles. */
  titles?: string | undefined;
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
  { projects, workers, titles, without }: PlaywrightRun,
  topology: Topology,
  files: string[],
) {
  const results = `${stateDir}test-results/${projects[0]}.json`;
  // Each run has a folder of its own, because Playwright empties the folder at the start.
  const flags = [
    '--config=tests/playwright.config.ts',
    ...projects.map((name) => `--project=${name}`),
    `--output=test-results/${projects[0]}`,
  ];
  if (workers) flags.push(`--workers=${workers}`);
  if (titles) flags.push(`--grep=${titles}`);
  if (without) flags.push(`--grep-invert=${without}`);
  // A named file need not be in each of the runs; `failIfEmpty` reports if none ran at all.
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
