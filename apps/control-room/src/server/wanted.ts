import type { Access } from '@shop/cluster/kubectl.ts';
import { kubeconfig } from '@shop/cluster/own-cluster.ts';
import { shopTopology } from '@shop/docker/topology.ts';
import { Command, InvalidArgumentError, Option } from 'commander';

/** What the command line asks for. */
export interface Options {
  project: string;
  kubernetes?: true;
  context?: string;
  namespace: string;
  port: number;
  background?: true;
  /** The process that runs in the background. */
  posted?: true;
}

const port = (text: string) => {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new InvalidArgumentError('It must be a whole number from 0 to 65535.');
  return Number(text);
};

/** An option that is about a cluster. */
const onCluster = (flags: string, description: string) =>
  new Option(flags, description).implies({ kubernetes: true }).conflicts(['project', 'background']);

/** The command line of `npm run control-room`. */
export const commandLine = () =>
  new Command('npm run control-room --')
    .description(
      'Shows the running shop in a browser, each container new every second, and strikes those that you choose.',
    )
    .option('--project <name>', 'the topology to show', shopTopology().project)
    .addOption(onCluster('--kubernetes', 'the shop on the cluster that `npm run kubernetes` has started'))
    .addOption(
      onCluster('--context <name>', 'the shop on a cluster that is there, by a context of your kubeconfig'),
    )
    .addOption(onCluster('--namespace <name>', 'namespace of the shop on a cluster').default('shop'))
    .option('--port <number>', 'the port of 127.0.0.1 to listen at; 0 takes a free one', port, 8090)
    .option('--background', 'leave it running behind the terminal until `npm stop`, as `npm start` does')
    .addOption(new Option('--posted', 'tells other commands that it runs in the background').hideHelp());

/** Where kubectl finds the shop; `undefined` when it is to be shown under compose. */
export function accessOf({ kubernetes, context, namespace }: Options): Access | undefined {
  if (!kubernetes) return undefined;
  return context ? { context, namespace } : { kubeconfig, namespace };
}
