import { ActionableError, printFailure } from '@shop/command/actionable-error.ts';
import { closingText } from '@shop/command/help.ts';
import { wholeNumber } from '@shop/command/whole-number.ts';
import { environmentOfTests } from '@shop/docker/environment-of-tests.ts';
import { allLabs, labsNamed } from '@shop/lab/catalogue.ts';
import { playLabs } from '@shop/lab/play-labs.ts';
import { listOfLabs, summaryOf } from '@shop/lab/report.ts';
import { hiddenBy } from '@shop/lab/reveal.ts';
import { labTopology } from '@shop/lab/topology.ts';
import { Command } from 'commander';

type Options = { quick: boolean; keep: boolean; seed?: number; reveal: boolean; reference: boolean };

new Command('npm run lab')
  .description(
    'An experiment about one lesson of scaling: runs that differ in one thing, a number, and what it means.',
  )
  .argument('[lab]', 'its number or its name, or all; none lists the labs')
  .option('--quick', 'the shortest form that still shows the effect', false)
  .option('--keep', 'leave the containers running for the next lab; without it they are removed', false)
  .option('--reference', 'write the result into the README of the lab and into docs/labs.md', false)
  .option('--seed <n>', 'repeat the random choices of a run', wholeNumber)
  .option('--reveal', 'play nothing, tell what a lab such as 17 has hidden by this --seed', false)
  .addHelpText(
    'after',
    closingText(
      'Examples:\n  npm run lab -- 02\n  npm run lab -- horizontal --quick\n  npm run lab -- all --quick\n  npm run lab -- 17 --seed 7 --reveal',
    ),
  )
  .action((wanted: string | undefined, options: Options) => lab(wanted, options).catch(printFailure))
  .parseAsync();

async function lab(wanted: string | undefined, options: Options): Promise<void> {
  // Before the first import of a lab: the faults of the chaos harness read the topology's name when they are loaded.
  Object.assign(process.env, environmentOfTests(labTopology()));
  const labs = await allLabs();
  if (!wanted) return console.log(listOfLabs(labs));
  const chosen = labsNamed(wanted, labs);
  if (options.reveal) return console.log(hiddenBy(chosen, options.seed));
  const interrupt = new AbortController();
  // `on`, not `once`: the containers have to be removed before the process may end.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => interrupt.abort());
  const { signal } = interrupt;
  const { seed = Date.now() % 1_000_000 } = options;
  const outcomes = await playLabs(chosen, { ...options, seed, signal }).catch((error) => {
    throw signal.aborted ? new ActionableError('Interrupted.', 'run the command again') : error;
  });
  const played = outcomes.flatMap(({ played }) => played ?? []);
  if (outcomes.length > 1) console.log(summaryOf(played));
  for (const { name, error } of outcomes) {
    if (!error) continue;
    console.error(`\nLab ${name} could not be measured.`);
    printFailure(error);
  }
  if (played.some(({ verdicts }) => verdicts.some(({ holds }) => !holds))) process.exitCode = 1;
  if (options.keep) {
    console.log('\nThe containers of the labs go on running; a lab without --keep removes them at its end.');
  }
}
