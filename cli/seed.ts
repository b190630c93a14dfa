// `npm run seed -- --products N --customers N --orders N`: loads more of everything, inside the running topology.
// The options are those of `more`, a command of the service `seed`; `npm run seed -- --help` lists them.

import { ActionableError, printFailure } from '@shop/command/actionable-error.ts';
import { composeAttached, isRunning, shopTopology } from '@shop/docker/topology.ts';

async function seed(args: string[]): Promise<void> {
  const topology = shopTopology();
  if (!(await isRunning(topology)))
    throw new ActionableError('The shop is not running.', 'run `npm start` first');
  // Without a terminal, compose must not ask for one.
  const terminal = process.stdout.isTTY ? [] : ['--no-TTY'];
  const run = ['run', '--rm', '--no-deps', ...terminal, 'seed', 'more', ...args];
  process.exitCode = await composeAttached(topology, run);
}

await seed(process.argv.slice(2)).catch(printFailure);
