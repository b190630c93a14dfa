import { createHash } from 'node:crypto';
import { ActionableError, printFailure } from '@shop/command/actionable-error.ts';
import { root } from '@shop/command/folders.ts';
import { runSteps } from '@shop/command/steps.ts';
import { oneAtATime } from '@shop/docker/one-at-a-time.ts';
import { discard } from '@shop/docker/take-down.ts';
import { testTopology } from '@shop/docker/topology.ts';
import { provenanceOf } from '@shop/report/provenance.ts';
import { Command } from 'commander';
import { chooseMutants, type Mutant, readMutants } from './mutant-files.ts';
import { remember, writeResults } from './mutant-results.ts';
import { inCheapestOrder, servicesToReplace } from './mutant-services.ts';
import {
  installPackages,
  makeWorktree,
  ownTopology,
  type RunOptions,
  removeWorktree,
  runTests,
  withMutant,
} from './mutant-worktree.ts';
import { judge, type Verdict } from './verdict.ts';

type Options = { unit: boolean; list: boolean; verbose: boolean; keep: boolean; results: boolean };

new Command('npm run mutants --')
  .description(
    'Breaks one mechanism of the shop after the other (tests/mutants/), in a worktree of HEAD, and says whether the test that the mutant names fails.',
  )
  .argument('[names...]', 'mutants, by parts of their names (default: all)')
  .option('--unit', 'only those to which a unit test objects: they need no containers', false)
  .option('--list', 'say which mutants there are', false)
  .option('--keep', 'leave their topology running afterwards, for the next run', false)
  .option('--results', 'write docs/results/mutants.md from the runs so far', false)
  .option('--verbose', 'show what the tests print', false)
  .action((names: string[], options: Options) => mutants(names, options).catch(printFailure))
  .parseAsync();

async function mutants(names: string[], { unit, list, verbose, keep, results }: Options): Promise<void> {
  const named = chooseMutants(await readMutants(), names);
  const chosen = inCheapestOrder(unit ? named.filter(({ suite }) => suite === 'unit') : named);
  if (chosen.length === 0) {
    throw new ActionableError('A unit test objects to none of these.', 'leave --unit out');
  }
  if (results) return await writeResults(await readMutants());
  if (list) {
    for (const { name, broken, test } of chosen) console.log(`${name}: ${broken}\n  ${test}`);
    return;
  }
  const interrupt = new AbortController();
  // `on`, not `once`: the worktree and the topology must be removed before the process may end.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => interrupt.abort());
  const options: RunOptions = { output: verbose ? 'inherit' : 'ignore', signal: interrupt.signal };
  const topology = testTopology({ ...process.env, ...ownTopology });
  const needsTopology = chosen.some(({ suite }) => suite !== 'unit');
  // Each clone has a worktree of its own, and all of them share the topology: units may run in another clone meanwhile.
  const clone = createHash('sha256').update(root).digest('hex').slice(0, 8);
  const locks = [`${topology.project}-worktree-${clone}`];
  // Another name than the topology's: the worktree's own `npm test` uses that one.
  if (needsTopology) locks.push(`${topology.project}-topology`);
  const run = async () => {
    try {
      await runAll(chosen, options);
    } finally {
      // Printed, so that it does not take the place of the error that ended the runs.
      if (needsTopology && !keep) await discard(topology).catch(printFailure);
      await removeWorktree();
    }
  };
  await locks.reduce((inner, project) => () => oneAtATime({ ...topology, project }, inner), run)();
}

async function runAll(chosen: Mutant[], options: RunOptions): Promise<void> {
  const startedAt = Date.now();
  const provenance = await provenanceOf('npm run mutants');
  const before = new Map<Mutant, Verdict>();
  const judgeAsItIs = async () => {
    // Also here only the named tests: one that needs another test of its file fails, and cannot judge a mutant.
    for (const [, part] of Map.groupBy(chosen, ({ title }) => title !== undefined)) {
      const ran = await runTests(part, options);
      for (const mutant of part) before.set(mutant, judge(mutant, ran.get(mutant.test) ?? []));
    }
    return `${new Set(chosen.map(({ test }) => test)).size} files`;
  };
  await runSteps([
    { title: 'Checking out HEAD', run: () => makeWorktree(chosen) },
    { title: 'Installing packages', run: installPackages },
    { title: 'Running the tests on the shop as it is', run: judgeAsItIs },
  ]);
  const count = { objected: 0, survived: 0 };
  /** What the mutant before has left in the topology; undefined when anything may be left. */
  let left: string[] | undefined = [];
  for (const mutant of chosen) {
    if (options.signal.aborted) break;
    const from = Date.now();
    const wrong = wrongAnyway(mutant, before.get(mutant)!);
    const own = servicesToReplace(mutant);
    const replace = own && left && [...new Set([...left, ...own])];
    const verdict: Verdict = wrong
      ? { outcome: 'not run', by: [] }
      : await withMutant(mutant, async () =>
          judge(mutant, (await runTests([mutant], { ...options, replace })).get(mutant.test) ?? []),
        );
    if (!wrong && mutant.suite !== 'unit') left = own;
    if (options.signal.aborted) break;
    const seconds = Math.round((Date.now() - from) / 1000);
    await remember({ name: mutant.name, outcome: verdict.outcome, seconds, provenance });
    console.log(tell(mutant, verdict, seconds, wrong));
    count[verdict.outcome === 'objected' ? 'objected' : 'survived'] += 1;
  }
  if (count.survived > 0 || options.signal.aborted) process.exitCode = 1;
  if (options.signal.aborted) console.log('\nInterrupted: what follows counts only what had run.');
  console.log(`\n${((Date.now() - startedAt) / 60_000).toFixed(1)} minutes.`);
  console.log(`${count.objected} objected, ${count.survived} survived`);
}

/** A test that fails on the sound shop, or does not run, cannot judge a mutant. @returns the reason, if that is so. */
function wrongAnyway(mutant: Mutant, { outcome, by }: Verdict): string | undefined {
  if (outcome === 'survived') return undefined;
  const what = outcome === 'objected' ? `fails (${by[0]})` : 'does not run';
  return `${nameOfTest(mutant)} ${what} without the mutant, too: --verbose shows why`;
}

const nameOfTest = ({ test, title }: Mutant) => (title ? `${test} › ${title}` : test);

function tell(mutant: Mutant, { outcome, by }: Verdict, seconds: number, wrong?: string): string {
  const took = `(${seconds} s)`;
  if (outcome === 'objected') return `✓ ${mutant.name} ${took}: ${by[0]}`;
  const passes = outcome === 'survived' ? 'passes all the same' : 'did not run';
  return `✘ ${mutant.name} ${took}: ${wrong ?? `${nameOfTest(mutant)} ${passes}`}\n    ${mutant.broken}`;
}
