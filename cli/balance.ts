import { printFailure } from '@shop/command/actionable-error.ts';
import { closingText } from '@shop/command/help.ts';
import { balance, balancingMethodNamed, balancingOf } from '@shop/docker/balancing.ts';
import { balancingMethods } from '@shop/docker/balancing-methods.ts';
import { topologyNamed } from '@shop/docker/named-topology.ts';
import { shopTopology, type Topology } from '@shop/docker/topology.ts';
import { Command } from 'commander';

const methods = Object.entries(balancingMethods).map(([name, what]) => `  ${name.padEnd(19)}${what}`);

new Command('npm run balance --')
  .description(
    'Prints how the edges choose the replica of the API for a request, or changes the method while the shop serves: ' +
      'one edge after the other reloads nginx, and no request fails.',
  )
  .argument('[method]', 'the new method; without it, the command prints the present one')
  .option('--project <name>', 'the topology whose edges are meant', shopTopology().project)
  .addHelpText(
    'after',
    closingText(
      `Methods:\n${methods.join('\n')}\n\n` +
        'An edge keeps its method when it is restarted or replaced; `npm run reset` forgets it. `npm run deploy` and ' +
        '`npm run autoscale` wait until each new replica answers. Under ip-hash a new replica may never answer this ' +
        'machine, so choose another method first. The files are in infra/edge/nginx/balancing/.',
    ),
  )
  .action((method: string | undefined, { project }: { project: string }) =>
    run(topologyNamed(project), method).catch(printFailure),
  )
  .parseAsync();

async function run(topology: Topology, method: string | undefined): Promise<void> {
  if (method === undefined) return await show(topology);
  const chosen = balancingMethodNamed(method);
  await balance(topology, chosen, (edge) =>
    console.log(
      edge.method === chosen ? `${edge.name}: ${chosen} already` : `${edge.name}: ${edge.method} → ${chosen}`,
    ),
  );
}

async function show(topology: Topology): Promise<void> {
  for (const { name, method } of await balancingOf(topology)) console.log(`${name}: ${method}`);
  console.log(`\nMethods (\`npm run balance -- NAME\` changes to one):\n${methods.join('\n')}`);
}
