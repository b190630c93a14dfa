import { openControlRoom } from '@shop/browser/control-room.ts';
import { ActionableError, printFailure } from '@shop/command/actionable-error.ts';
import { runSteps } from '@shop/command/steps.ts';
import { readAccounts } from '@shop/docker/accounts.ts';
import { containersOf } from '@shop/docker/containers.ts';
import { plannedInstallations } from '@shop/docker/engine.ts';
import { oneAtATime } from '@shop/docker/one-at-a-time.ts';
import { startSteps } from '@shop/docker/start-steps.ts';
import { discard, takeDown } from '@shop/docker/take-down.ts';
import { edgeOrigins, isRunning, shopTopology, type Topology, volumesOf } from '@shop/docker/topology.ts';
import { Command } from 'commander';

new Command('npm start')
  .description(
    'Starts the shop: installs a container engine if there is none, builds missing images, waits until the shop answers.',
  )
  .action(() => {
    const topology = shopTopology();
    return oneAtATime(topology, () => start(topology)).catch(printFailure);
  })
  .parseAsync();

async function start(topology: Topology): Promise<void> {
  const startedAt = Date.now();
  await sayWhatWillBeInstalled();
  const wasRunning = await isRunning(topology);
  const hadData = (await volumesOf(topology).catch(() => [])).length > 0;
  let room: Awaited<ReturnType<typeof openControlRoom>> = { said: '' };
  const interrupt = new AbortController();
  // `on`, not `once`: while a listener exists, the libraries below leave the end of the process to this command.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => interrupt.abort());
  try {
    await runSteps([
      ...startSteps(topology, interrupt.signal),
      {
        title: 'Opening the control room',
        run: async () => {
          room = await openControlRoom(topology.project);
          return 'link' in room ? 'open' : 'not open, the shop runs without it';
        },
      },
    ]);
  } catch (error) {
    if (!wasRunning) await takeDownWhatIsHalfUp(topology, hadData);
    throw interrupt.signal.aborted
      ? new ActionableError('Interrupted.', '`npm start` goes on where this one stopped')
      : error;
  }
  await printWelcome(topology, Math.round((Date.now() - startedAt) / 1000), room);
}

async function sayWhatWillBeInstalled(): Promise<void> {
  const planned = await plannedInstallations();
  if (planned.length === 0) return;
  console.log(
    'To run containers, this will be installed on the machine (README.md says how to remove it again):',
  );
  for (const line of planned) console.log(`  - ${line}`);
}

/**
 * Containers are removed, so that nothing keeps ports or memory; images stay, so that the next start is quick. Old data
 * stays, too. Data that this start has only begun is deleted: a database whose creation was interrupted cannot be used.
 */
async function takeDownWhatIsHalfUp(topology: Topology, hadData: boolean): Promise<void> {
  const containers = await containersOf(topology).catch(() => []);
  if (containers.length === 0) return;
  console.error(`Taking down what is half up; images ${hadData ? 'and data ' : ''}stay.`);
  await (hadData ? takeDown(topology, () => {}) : discard(topology)).catch(() => {});
}

async function printWelcome(
  topology: Topology,
  seconds: number,
  room: Awaited<ReturnType<typeof openControlRoom>>,
): Promise<void> {
  const [first, second] = edgeOrigins(topology);
  const { SHOP_HTTPS_PORT_1, SHOP_HTTPS_PORT_2 } = topology.ports;
  const accounts = await readAccounts(topology);
  const next: [command: string, why: string][] = [
    [`curl ${first}/api/whoami`, 'which replica answers; again, and another one does'],
    [`docker kill ${topology.project}-api-1`, 'kill it, and go on shopping'],
    [`docker start ${topology.project}-api-1`, 'have it back'],
    ['npm run control-room', 'the next link of the control room: each works once'],
    ['npm test', 'every test, on a topology of its own'],
    ['npm stop', 'stop all; npm run reset forgets the data too'],
  ];
  const widest = Math.max(...next.map(([command]) => command.length));
  console.log(`
The shop answers, ${seconds} s after you asked:

  ${first}   ${second}   (two edges, one shop)
  https://localhost:${SHOP_HTTPS_PORT_1}  https://localhost:${SHOP_HTTPS_PORT_2}  (the certificate is self-signed)
  ${first}/api/docs      every call, to try out

The control room, a live map of all containers: kill one by a click, and bring it back:

  ${'link' in room ? room.link : `It did not open:\n\n${room.said}`}

Accounts (also in .state/accounts.json):

${accounts.map(({ email, password, role }) => `  ${role.padEnd(9)} ${email.padEnd(28)} ${password}`).join('\n')}

To try next:

${next.map(([command, why]) => `  ${command.padEnd(widest)}   ${why}`).join('\n')}
`);
}
