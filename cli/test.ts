import { mkdir, rm } from 'node:fs/promises';
import { ensureChromium } from '@shop/browser/chromium.ts';
import { printFailure } from '@shop/command/actionable-error.ts';
import { stateDir } from '@shop/command/folders.ts';
import { runSteps } from '@shop/command/steps.ts';
import { readAccounts } from '@shop/docker/accounts.ts';
import { oneAtATime } from '@shop/docker/one-at-a-time.ts';
import { startSteps } from '@shop/docker/start-steps.ts';
import { discard } from '@shop/docker/take-down.ts';
import { testTopology } from '@shop/docker/topology.ts';
import { Command, InvalidArgumentError } from 'commander';
import { tellFailures } from './failures.ts';
import { type Count, codeChecks, integrationSuite, playwrightSuite, unitSuite } from './suites.ts';
import { type SuiteName, suiteNames, suitesOf } from './test-files.ts';

type Options = { only?: SuiteName[]; keep: boolean; nightly: boolean };

/** @throws InvalidArgumentError, which commander prints, when a name is no suite's. */
const parseSuites = (text: string): SuiteName[] =>
  text.split(',').map((name) => {
    const suite = suiteNames.find((known) => known === name);
    if (!suite) throw new InvalidArgumentError(`"${name}" is none of ${suiteNames.join(', ')}.`);
    return suite;
  });

/** A light desktop beside a dark phone; then, alone, the tests that stop parts of the shop. */
const webRuns = [{ projects: ['web', 'web-phone'], workers: 2 }, { projects: ['web-faults'] }];

new Command('npm test')
  .description(
    'Runs every test: the code itself, units, then a topology of its own and what is tested on it.',
  )
  .option('--keep', 'leave the test topology running afterwards, for the next run or a look at it', false)
  .option('--nightly', 'also the chaos tests that take longest, which are tagged @nightly', false)
  .option(
    '--only <suites>',
    `some of ${suiteNames.join(', ')}, comma-separated (default: those of the files, or all)`,
    parseSuites,
  )
  .argument('[files...]', 'test files, by a part of their paths; each runs whole (default: all)')
  .action((files: string[], options: Options) =>
    // As a shell completes them; runners compare with paths that begin without a dot.
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
async function test(files: string[], { only, keep, nightly }: Options): Promise<void> {
  const suites = only ?? (files.length > 0 ? await suitesOf(files) : suiteNames);
  const startedAt = Date.now();
  const topology = testTopology();
  const counts: Count[] = [];
  // A file that is asked for runs whole.
  const chaosRun = { projects: ['chaos'], without: nightly || files.length > 0 ? undefined : '@nightly' };
  const interrupt = new AbortController();
  // `on`, not `once`: the first Ctrl-C ends the suite that runs, skips the rest and takes the topology down.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => interrupt.abort());
  const run = async (name: SuiteName, suite: () => Promise<Count>) => {
    if (!suites.includes(name) || interrupt.signal.aborted) return;
    console.log(`\n── ${name} ──`);
    counts.push(await suite());
  };

  await rm(`${stateDir}test-results`, { recursive: true, force: true });
  await mkdir(`${stateDir}test-results`, { recursive: true });
  if (suites.includes('web')) await runSteps([{ title: 'Browser', run: ensureChromium }]);
  await run('code', codeChecks);
  await run('unit', () => unitSuite(files));
  if (suites.some((name) => name !== 'code' && name !== 'unit')) {
    console.log(`\n── starting the test topology (project ${topology.project}) ──`);
    const onTopology = async () => {
      try {
        await runSteps(startSteps(topology, interrupt.signal));
        await readAccounts(topology);
        await run('integration', () => integrationSuite(topology, files));
        await run('e2e', () => playwrightSuite([{ projects: ['e2e'] }], topology, files));
        await run('web', () => playwrightSuite(webRuns, topology, files));
        await run('chaos', () => playwrightSuite([chaosRun], topology, files));
      } finally {
        if (!keep) await discard(topology);
      }
    };
    await oneAtATime(topology, onTopology).catch((error) => {
      counts.push({
        passed: 0,
        failed: 1,
        failures: [{ title: 'the test topology', message: String(error) }],
      });
      printFailure(error);
    });
  }

  const passed = counts.reduce((sum, count) => sum + count.passed, 0);
  const failed = counts.reduce((sum, count) => sum + count.failed, 0);
  if (failed > 0 || passed === 0 || interrupt.signal.aborted) process.exitCode = 1;
  const failures = counts.flatMap(({ failures }) => failures);
  if (failures.length > 0) console.log(`\n── what failed ──\n${tellFailures(failures)}`);
  const minutes = ((Date.now() - startedAt) / 60_000).toFixed(1);
  if (interrupt.signal.aborted) console.log('\nInterrupted: what follows counts only what had run.');
  console.log(
    `\n${minutes} minutes. ${failed > 0 ? 'The lines marked with a cross say what failed.' : 'Next: `npm start`, and kill something.'}`,
  );
  console.log(`${passed} passed, ${failed} failed`);
}
