import { parse } from '@lukeed/ms';
import type { ScenarioRow } from '@shop/chaos/scenarios/scenarios.ts';
import { seedsFrom } from '@shop/chaos/workload/choices.ts';
import { ActionableError, printFailure } from '@shop/command/actionable-error.ts';
import { runSteps } from '@shop/command/steps.ts';
import { wholeNumber } from '@shop/command/whole-number.ts';
import { readAccounts } from '@shop/docker/accounts.ts';
import { environmentOfTests } from '@shop/docker/environment-of-tests.ts';
import { oneAtATime } from '@shop/docker/one-at-a-time.ts';
import { startSteps } from '@shop/docker/start-steps.ts';
import { isRunning, shopTopology, type Topology, testTopology } from '@shop/docker/topology.ts';
import { Command, InvalidArgumentError } from 'commander';

type Options = {
  seed?: number;
  seeds: number;
  duration?: number;
  project: string;
  list?: true;
  results?: true;
};

const duration = (text: string) => {
  const ms = parse(text);
  if (ms === undefined || ms <= 0) throw new InvalidArgumentError('It must be a time, such as 30s or 2m.');
  return ms;
};

new Command('npm run chaos')
  .description('Runs shoppers, strikes a fault meanwhile, and checks whether the shop kept every promise.')
  .argument('[scenario]', 'one of --list, or all')
  .option('--list', 'say which scenarios there are')
  .option('--seed <n>', 'repeat the choices of a run', wholeNumber)
  .option('--seeds <n>', 'how often to run each scenario, each time with other choices', wholeNumber, 1)
  .option('--duration <time>', 'how long each fault lasts, such as 30s, instead of its usual time', duration)
  .option(
    '--project <name>',
    'shop, that of npm start, or shop-test, which is started if need be',
    'shop-test',
  )
  .option('--results', 'write docs/results/chaos.md from the runs so far; `all` does so by itself')
  .action((scenario: string | undefined, options: Options) => chaos(scenario, options).catch(printFailure))
  .parseAsync();

async function chaos(scenario: string | undefined, options: Options): Promise<void> {
  const topology = topologyOf(options.project);
  // Set before the first import of the chaos harness, which reads the topology's name when it is loaded.
  Object.assign(process.env, environmentOfTests(topology));
  const { scenarios } = await import('@shop/chaos/scenarios/scenarios.ts');
  if (options.list || (!scenario && !options.results)) {
    for (const { name, claim, strikes } of scenarios)
      console.log(`${name}: ${claim} (${strikes.length} faults)`);
    return;
  }
  const wanted = scenarios.filter(({ name }) => scenario === 'all' || name === scenario);
  if (scenario && wanted.length === 0) {
    throw new ActionableError(
      `There is no scenario "${scenario}".`,
      '`npm run chaos -- --list` says which there are',
    );
  }
  if (wanted.length > 0) {
    await oneAtATime(topology, () => playAll(topology, wanted, options));
  }
  if (scenario === 'all' || options.results) {
    const { writeMatrix } = await import('@shop/chaos/report/matrix.ts');
    console.log(`\nWritten: ${(await writeMatrix()).join(' and ')}.`);
  }
}

async function playAll(topology: Topology, wanted: ScenarioRow[], options: Options): Promise<void> {
  const interrupt = new AbortController();
  // `on`, not `once`: the fault in effect must be undone before the process may end.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => interrupt.abort());
  try {
    await playEach(topology, wanted, options, interrupt.signal);
  } catch (error) {
    throw interrupt.signal.aborted
      ? new ActionableError('Interrupted; what was struck is put back.', 'run the command again')
      : error;
  }
}

async function playEach(
  topology: Topology,
  wanted: ScenarioRow[],
  options: Options,
  signal: AbortSignal,
): Promise<void> {
  await prepare(topology, signal);
  const { playAndReport } = await import('@shop/chaos/report/play-and-report.ts');
  const seeds = seedsFrom(options.seed, options.seeds);
  for (const row of wanted) {
    for (const seed of seeds) {
      if (!(await playAndReport(row, { seed, holdMs: options.duration, signal }))) process.exitCode = 1;
    }
  }
}

function topologyOf(project: string): Topology {
  if (project === 'shop') return shopTopology();
  if (project === testTopology().project) return testTopology();
  throw new ActionableError(`There is no project "${project}".`, 'choose shop or shop-test');
}

/** Makes sure that the topology runs. */
async function prepare(topology: Topology, signal: AbortSignal): Promise<void> {
  if (topology.project === 'shop' && !(await isRunning(topology))) {
    throw new ActionableError('The shop does not run.', '`npm start` starts it; then run this again');
  }
  if (topology.project !== 'shop') await runSteps(startSteps(topology, signal));
  await readAccounts(topology);
}
