// `npm run token-keys -- --revoke`: makes a new key for access tokens, inside a replica of the running API, which has the
// secret that encrypts it. The options are those of apps/api/src/auth/token/rotate-keys.ts; `-- --help` lists them.

import { ActionableError, printFailure } from '@shop/command/actionable-error.ts';
import { composeAttached, isRunning, shopTopology } from '@shop/docker/topology.ts';

async function tokenKeys(args: string[]): Promise<void> {
  const topology = shopTopology();
  if (!(await isRunning(topology)))
    throw new ActionableError('The shop is not running.', 'run `npm start` first');
  const program = ['node', 'apps/api/src/auth/token/rotate-keys.ts', ...args];
  process.exitCode = await composeAttached(topology, ['exec', '--no-TTY', 'api', ...program]);
}

await tokenKeys(process.argv.slice(2)).catch(printFailure);
