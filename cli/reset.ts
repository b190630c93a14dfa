import { createInterface } from 'node:readline/promises';
import { endControlRoom } from '@shop/browser/control-room-notice.ts';
import { ActionableError, printFailure } from '@shop/command/actionable-error.ts';
import { runSteps } from '@shop/command/steps.ts';
import { forgetAccounts } from '@shop/docker/accounts.ts';
import { discard } from '@shop/docker/take-down.ts';
import { shopTopology, type Topology, volumesOf } from '@shop/docker/topology.ts';
import { Command } from 'commander';

new Command('npm run reset --')
  .description('Stops the shop and deletes its data: orders, customers, uploads, secrets. The images stay.')
  .option('--yes', 'do not ask')
  .action(({ yes }: { yes?: boolean }) => reset(shopTopology(), Boolean(yes)).catch(printFailure))
  .parseAsync();

async function reset(topology: Topology, yes: boolean): Promise<void> {
  const volumes = await volumesOf(topology);
  console.log(
    `This deletes all data of the project "${topology.project}": orders, customers, uploads, secrets, accounts.`,
  );
  console.log(volumes.length > 0 ? `Volumes: ${volumes.join(', ')}` : 'There are no volumes.');
  if (!yes && !(await confirmed()))
    throw new ActionableError('Nothing was deleted.', 'answer "yes", or run `npm run reset -- --yes`');
  const down = async () => {
    await endControlRoom(topology.project);
    await discard(topology);
    await forgetAccounts(topology);
    return 'done';
  };
  await runSteps([{ title: 'Deleting containers and data', run: down }]);
  console.log('Forgotten. `npm start` begins anew.');
}

async function confirmed(): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question('Type yes to delete it: ');
  terminal.close();
  return answer.trim().toLowerCase() === 'yes';
}
