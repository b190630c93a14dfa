import { parse } from '@lukeed/ms';
import { Command, InvalidArgumentError } from 'commander';
import { seedsFrom } from '../tests/chaos/choices.ts';
import type { ScenarioRow } from '../tests/chaos/scenarios.ts';
import { readAccounts } from './accounts.ts';
import { ActionableError, printFailure } from './actionable-error.ts';
import { stateDir } from './command.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { startSteps } from './start-steps.ts';
import { runSteps } from './steps.ts';
import {
  edgeOrigins,
  environmentOf,
  isRunning,
  shopTopology,
  type Topology,
  testTopology,
} from './topology.ts';

type Options = {
  seed?: number;
  seeds: number;
  duration?: number;
  project: string;
  list?: true;
  results?: true;
};

const whole = (text: string) => {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
};
const duration = (text: string) => {
  const ms = parse(text);
  if (ms === undefined || ms <= 0) throw new InvalidArgumentError('It must be a time, such as 30s or 2m.');
  return ms;
};

new Command('npm run chaos')
  .description('Shoppers, a fault in the middle of it, and checkers that say whether every promise was kept.')
  .argument('[scenario]', 'one of --list, or all')
  .option('--list', 'say which scenarios there are')
  .option('--seed <n>', 'repeat the choices of a run', whole)
  .option('--seeds <n>', 'how often to run each scenario, each time with other choices', whole, 1)
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
  const { scenarios } = await import('../tests/chaos/scenarios.ts');
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
    const topology = topologyOf(options.project);
    await oneAtATime(topology, () => playAll(topology, wanted, options));
  }
  if (scenario === 'all' || options.results) {
    const { writeMatrix } = await import('../tests/chaos/report/matrix.ts');
    console.log(`\nWritten: ${(await writeMatrix()).join(' and ')}.`);
  }
}

async function playAll(topology: Topology, wanted: ScenarioRow[], options: Options): Promise<void> {
  const interrupt = new AbortController();
  // `on`, not `once`: whatever is struck just now has to be put back before the process may end.
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
  const { playAndReport } = await import('../tests/chaos/report/play-and-report.ts');
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

/** The tests know the topology by the variables that `npm test` gives them too. */
async function prepare(topology: Topology, signal: AbortSignal): Promise<void> {
  if (topology.project === 'shop' && !(await isRunning(topology))) {
    throw new ActionableError('The shop does not run.', '`npm start` starts it; then run this again');
  }
  if (topology.project !== 'shop') await runSteps(startSteps(topology, signal));
  await readAccounts(topology);
  const [edge1 = '', edge2 = ''] = edgeOrigins(topology);
  const prefix = topology.project === 'shop' ? '' : `${topology.project}-`;
  Object.assign(process.env, environmentOf(topology), {
    SHOP_PROJECT: topology.project,
    SHOP_ACCOUNTS: `${stateDir}${prefix}accounts.json`,
    EDGE_1: edge1,
    EDGE_2: edge2,
  });
}
