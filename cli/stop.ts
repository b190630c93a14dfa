import { endControlRoom } from '@shop/browser/control-room-notice.ts';
import { printFailure } from '@shop/command/actionable-error.ts';
import { runSteps } from '@shop/command/steps.ts';
import { takeDown } from '@shop/docker/take-down.ts';
import { shopTopology, type Topology } from '@shop/docker/topology.ts';
import { Command } from 'commander';

new Command('npm stop')
  .description('Stops the shop and its control room, and keeps data and images.')
  .action(() => stop(shopTopology()).catch(printFailure))
  .parseAsync();

async function stop(topology: Topology): Promise<void> {
  const down = async (report: (line: string) => void) => {
    // First: at its end it stops its shoppers and switches a broken build off, which needs the containers.
    report('ending the control room');
    await endControlRoom(topology.project);
    await takeDown(topology, report);
    return 'done';
  };
  await runSteps([{ title: 'Stopping the containers, keeping data and images', run: down }]);
  console.log('Stopped. `npm start` brings it back in a minute; `npm run reset` forgets the data.');
}
