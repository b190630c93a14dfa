import { printFailure } from '@shop/command/actionable-error.ts';
import { runSteps } from '@shop/command/steps.ts';
import { oneAtATime } from '@shop/docker/one-at-a-time.ts';
import { startSteps } from '@shop/docker/start-steps.ts';
import { composeAttached, edgeOrigins, type Topology, watchTopology } from '@shop/docker/topology.ts';
import { Command } from 'commander';

new Command('npm run dev')
  .description(
    'Starts the shop in watch mode: one api, one worker and the storefront, served from the sources.',
  )
  .action(() => watch(watchTopology()).catch(printFailure))
  .parseAsync();

/** Starts watch mode, in place of the shop if that runs, and shows its log until Ctrl-C. */
async function watch(topology: Topology): Promise<void> {
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => interrupt.abort());
  await oneAtATime(topology, () => runSteps(startSteps(topology, interrupt.signal)));
  const [first, second] = edgeOrigins(topology);
  console.log(`
Watch mode: save a file of apps/ or packages/, and the shop serves it.

  ${first}   ${second}   (pages with hot reload)
  127.0.0.1:${process.env.SHOP_DEBUG_PORT_API ?? 9229}   debugger of api       127.0.0.1:${process.env.SHOP_DEBUG_PORT_WORKER ?? 9230}   debugger of worker

After a change of a package.json, a migration or infra/, run \`npm run dev\` again. Ctrl-C ends this log and leaves the
shop running; \`npm stop\` stops it, \`npm start\` puts the built shop in its place.
`);
  const logs = ['logs', '--follow', '--since', '1s', 'api', 'worker', 'web'];
  await composeAttached(topology, logs, interrupt.signal);
}
