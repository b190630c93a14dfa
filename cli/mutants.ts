import { ActionableError, printFailure } from '@shop/command/actionable-error.ts';
import { runSteps } from '@shop/command/steps.ts';
import { oneAtATime } from '@shop/docker/one-at-a-time.ts';
import { discard } from '@shop/docker/take-down.ts';
import { testTopology } from '@shop/docker/topology.ts';
import { Command } from 'commander';
import { chooseMutants, type Mutant, readMutants } from './mutant-files.ts';
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

type Options = { unit: boolean; list: boolean; verbose: boolean };

new Command('npm run mutants --')
  .description(
    'Breaks one mechanism of the shop after the other (tests/mutants/), in a worktree of HEAD, and says whether the test that must object does.',
  )
  .argument('[names...]', 'mutants, by parts of their names (default: all)')
  .option('--unit', 'only those to which a unit test objects: they need no containers', false)
  .option('--list', 'say which mutants there are', false)
  .option('--verbose', 'show what the tests print', false)
  .action((names: string[], options: Options) => mutants(names, options).catch(printFailure))
  .parseAsync();

async function mutants(names: string[], { unit, list, verbose }: Options): Promise<void> {
  const named = chooseMutants(await readMutants(), names);
  const chosen = unit ? named.filter(({ suite }) => suite === 'unit') : named;
  if (chosen.length === 0) {
    throw new ActionableError('A unit test objects to none of these.', 'leave --unit out');
  }
  if (list) {
    for (const { name, broken, test } of chosen) console.log(`${name}: ${broken}\n  ${test}`);
    return;
  }
  const interrupt = new AbortController();
  // `on`, not `once`: the worktree and the topology have to go before the process may end.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => interrupt.abort());
  const options: RunOptions = { output: verbose ? 'inherit' : 'ignore', signal: interrupt.signal };
  const topology = testTopology({ ...process.env, ...ownTopology });
  const needsTopology = chosen.some(({ suite }) => suite !== 'unit');
  // Another name than the topology's: the worktree's own `npm test` takes that one.
  await oneAtATime({ ...topology, project: `${topology.project}-worktree` }, async () => {
    try {
      await runAll(chosen, options);
    } finally {
      if (needsTopology) await discard(topology);
      await removeWorktree();
    }
  });
}

async function runAll(chosen: Mutant[], options: RunOptions): Promise<void> {
  const startedAt = Date.now();
  const before = new Map<Mutant, Verdict>();
  const judgeAsItIs = async () => {
    const files = [...new Map(chosen.map((mutant) => [mutant.test, mutant])).values()];
    const ran = await runTests(files, options);
    for (const mutant of chosen) before.set(mutant, judge(mutant, ran.get(mutant.test) ?? []));
    return `${files.length} files`;
  };
  await runSteps([
    { title: 'Checking out HEAD', run: makeWorktree },
    { title: 'Installing packages', run: installPackages },
    { title: 'Running the tests on the shop as it is', run: judgeAsItIs },
  ]);
  const count = { objected: 0, survived: 0 };
  for (const mutant of chosen) {
    if (options.signal.aborted) break;
    const from = Date.now();
    const wrong = wrongAnyway(mutant, before.get(mutant)!);
    const verdict: Verdict = wrong
      ? { outcome: 'not run', by: [] }
      : await withMutant(mutant, async () =>
          judge(mutant, (await runTests([mutant], options)).get(mutant.test) ?? []),
        );
    if (options.signal.aborted) break;
    console.log(tell(mutant, verdict, Date.now() - from, wrong));
    count[verdict.outcome === 'objected' ? 'objected' : 'survived'] += 1;
  }
  if (count.survived > 0 || options.signal.aborted) process.exitCode = 1;
  if (options.signal.aborted) console.log('\nInterrupted: what follows counts only what had run.');
  console.log(`\n${((Date.now() - startedAt) / 60_000).toFixed(1)} minutes.`);
  console.log(`${count.objected} objected, ${count.survived} survived`);
}

/** A test that fails on the shop as it is, or does not run, objects to nothing. @returns why, if that is so. */
function wrongAnyway(mutant: Mutant, { outcome }: Verdict): string | undefined {
  if (outcome === 'survived') return undefined;
  return `${nameOfTest(mutant)} ${outcome === 'objected' ? 'fails' : 'does not run'} without the mutant, too`;
}

const nameOfTest = ({ test, title }: Mutant) => (title ? `${test} › ${title}` : test);

function tell(mutant: Mutant, { outcome, by }: Verdict, tookMs: number, wrong?: string): string {
  const took = `(${Math.round(tookMs / 1000)} s)`;
  if (outcome === 'objected') return `✓ ${mutant.name} ${took}: ${by[0]}`;
  const passes = outcome === 'survived' ? 'passes all the same' : 'did not run';
  return `✘ ${mutant.name} ${took}: ${wrong ?? `${nameOfTest(mutant)} ${passes}`}\n    ${mutant.broken}`;
}
