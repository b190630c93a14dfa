import { randomInt } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { ensureChromium } from '@shop/browser/chromium.ts';
import { printFailure } from '@shop/command/actionable-error.ts';
import { stateDir } from '@shop/command/folders.ts';
import { changedSources } from '@shop/command/sources.ts';
import { runSteps } from '@shop/command/steps.ts';
import { readAccounts } from '@shop/docker/accounts.ts';
import { oneAtATime } from '@shop/docker/one-at-a-time.ts';
import { replaceSteps } from '@shop/docker/replace-steps.ts';
import { startSteps } from '@shop/docker/start-steps.ts';
import { discard } from '@shop/docker/take-down.ts';
import { testTopology } from '@shop/docker/topology.ts';
import { ensureSchemathesis } from '@shop/schemathesis/install.ts';
import { Command, InvalidArgumentError } from 'commander';
import { tellFailures } from './failures.ts';
import { labsSuite } from './labs-suite.ts';
import { type PlaywrightRun, playwrightSuite } from './playwright-suite.ts';
import type { Count } from './suite-count.ts';
import { codeChecks, integrationSuite, unitSuite } from './suites.ts';
import { type SuiteName, suiteNames, suitesOf } from './test-files.ts';

type Options = { only?: SuiteName[]; keep: boolean; nightly: boolean; titles?: string; replace?: string[] };

/** @throws InvalidArgumentError, which commander prints, when a name is no suite's. */
const parseSuites = (text: string): SuiteName[] =>
  text.split(',').map((name) => {
    const suite = suiteNames.find((known) => known === name);
    if (!suite) throw new InvalidArgumentError(`"${name}" is none of ${suiteNames.join(', ')}.`);
    return suite;
  });

const parseServices = (text: string): string[] => text.split(',').filter((name) => name !== 'none');

/** Two at a time; then, one at a time, the tests that use up the limit of one address. */
const e2eRuns = [{ projects: ['e2e'] }, { projects: ['e2e-crowds'] }];
/** A light desktop beside a dark phone; then, one at a time, the tests that stop parts of the shop. */
const webRuns = (nightly: boolean) => [
  { projects: ['web', 'web-phone', ...(nightly ? ['web-phone-nightly'] : [])], workers: 2 },
  { projects: ['web-faults'] },
  { projects: ['control-room', 'control-room-phone'], workers: 1 },
];

new Command('npm test')
  .description(
    'Runs every test: the code itself, units, then a topology of its own and what is tested on it.',
  )
  .option('--keep', 'leave the test topology running afterwards, for the next run or a look at it', false)
  .option('--nightly', 'also the tests that take longest, which are tagged @nightly', false)
  .option(
    '--only <suites>',
    `some of ${suiteNames.join(', ')}, comma-separated (default: those of the files, or all)`,
    parseSuites,
  )
  .option(
    '--titles <pattern>',
    'only integration, browser and other end-to-end tests whose titles this regular expression fits',
  )
  .option(
    '--replace <services>',
    'of a topology that was kept, build and replace these services alone, comma-separated, or none (default: all that changed); integration tests then run in the image of before, with the sources that differ from HEAD',
    parseServices,
  )
  .argument('[files...]', 'test files, by a part of their paths; each runs whole (default: all)')
  .action((files: string[], options: Options) =>
    // A shell completes a path with `./` before it; the runners compare with paths without it.
    test(
      files.map((file) => file.replace(/^\.\//, '')),
      options,
    ).catch(printFailure),
  )
  .parseAsync();

/**
 * Its own compose project, addresses and ports: the data of `npm start` is never touched, and both may run at once.
 * A suite that fails does not keep the next from running; the closing line counts them all.
 */
async function test(files: string[], { only, keep, nightly, titles, replace }: Options): Promise<void> {
  const suites = only ?? (files.length > 0 ? await suitesOf(files) : suiteNames);
  const startedAt = Date.now();
  const topology = testTopology();
  const counts: Count[] = [];
  // Every night the contract is tried with other calls, under a seed that its test prints.
  if (nightly) process.env.CONTRACT_SEED ??= String(randomInt(2 ** 31));
  // A named file runs completely.
  const without = nightly || files.length > 0 ? undefined : '@nightly';
  const named = (runs: PlaywrightRun[]) => runs.map((run) => ({ ...run, titles, without }));
  const interrupt = new AbortController();
  // `on`, not `once`: the first Ctrl-C ends the suite that runs, skips the rest and takes the topology down.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => interrupt.abort());
  const run = async (name: SuiteName, suite: () => Promise<Count>) => {
    if (!suites.includes(name) || interrupt.signal.aborted) return;
    console.log(`\n── ${name} ──`);
    counts.push(await suite());
  };

  const failed = (title: string) => (error: unknown) => {
    counts.push({ passed: 0, failed: 1, failures: [{ title, message: String(error) }] });
    printFailure(error);
  };

  await rm(`${stateDir}test-results`, { recursive: true, force: true });
  await mkdir(`${stateDir}test-results`, { recursive: true });
  await runSteps([
    ...(suites.includes('web') ? [{ title: 'Browser', run: ensureChromium }] : []),
    ...(suites.includes('e2e') ? [{ title: 'Schemathesis', run: ensureSchemathesis }] : []),
  ]);
  await run('code', codeChecks);
  await run('unit', () => unitSuite(files));
  if (suites.some((name) => !['code', 'unit', 'labs'].includes(name))) {
    console.log(`\n── starting the test topology (project ${topology.project}) ──`);
    const mounted = replace && (await changedSources());
    const onTopology = async () => {
      await runSteps(
        replace ? replaceSteps(topology, replace, interrupt.signal) : startSteps(topology, interrupt.signal),
      );
      await readAccounts(topology);
      await run('integration', () => integrationSuite(topology, files, { titles, mounted }));
      await run('e2e', () => playwrightSuite(named(e2eRuns), topology, files));
      await run('web', () => playwrightSuite(named(webRuns(nightly)), topology, files));
      await run('chaos', () => playwrightSuite(named([{ projects: ['chaos'] }]), topology, files));
    };
    await oneAtATime(topology, async () => {
      await onTopology().catch(failed('the test topology'));
      // Told apart from the failure before it, which is often its cause: without an engine nothing can be removed.
      if (!keep) await discard(topology).catch(failed('removing the test topology'));
    }).catch(failed('the test topology'));
  }

  await run('labs', () => labsSuite(interrupt.signal)).catch(failed('the labs'));

  const passed = counts.reduce((sum, count) => sum + count.passed, 0);
  const failedCount = counts.reduce((sum, count) => sum + count.failed, 0);
  if (failedCount > 0 || passed === 0 || interrupt.signal.aborted) process.exitCode = 1;
  const failures = counts.flatMap(({ failures }) => failures);
  if (failures.length > 0) console.log(`\n── what failed ──\n${tellFailures(failures)}`);
  const minutes = ((Date.now() - startedAt) / 60_000).toFixed(1);
  if (interrupt.signal.aborted) console.log('\nInterrupted: what follows counts only what had run.');
  console.log(
    `\n${minutes} minutes. ${failedCount > 0 ? 'The lines marked with a cross say what failed.' : 'Next: `npm start`, and kill something.'}`,
  );
  console.log(`${passed} passed, ${failedCount} failed`);
}
