/** `npm run kubernetes`: the shop on a Kubernetes cluster, in containers of this machine or one that is there already. */
import { rm } from 'node:fs/promises';
import { helm, release } from '@shop/cluster/helm.ts';
import { type Access, kubectl } from '@shop/cluster/kubectl.ts';
import { clusterTopology, kubeconfig } from '@shop/cluster/own-cluster.ts';
import { ActionableError, printFailure } from '@shop/command/actionable-error.ts';
import { runSteps, type Step } from '@shop/command/steps.ts';
import { accountsFile } from '@shop/docker/accounts.ts';
import { waitUntilShopAnswers } from '@shop/docker/bring-up.ts';
import { oneAtATime } from '@shop/docker/one-at-a-time.ts';
import { discard, takeDown } from '@shop/docker/take-down.ts';
import { edgeOrigins } from '@shop/docker/topology.ts';
import { Command } from 'commander';
import { installChart, readAccounts } from './cluster/install.ts';
import { machineSteps, registryInside } from './cluster/machines.ts';

type Options = { context?: string; namespace: string; images?: string; values: string[]; machines?: boolean };

const topology = clusterTopology();
const collect = (file: string, files: string[]) => [...files, file];

const program = new Command('npm run kubernetes --')
  .description(
    'Installs the shop on Kubernetes: on a cluster in containers of this machine, which it starts, or with --context on one that is there.',
  )
  .option('--context <name>', 'a context of your kubeconfig: creates nothing there but the namespace')
  .option('--namespace <name>', 'namespace of the shop', 'shop')
  .option('--images <prefix>', 'with --context: registry and path before the names of the images')
  .option('--values <file>', 'more values of the chart; may be given again', collect, [])
  .option('--machines', 'only the cluster in containers, without the shop')
  .action((options: Options) => oneAtATime(topology, () => start(options)).catch(printFailure));
program
  .command('stop')
  .description('Stops the cluster in containers; its data and images stay.')
  .action(() => oneAtATime(topology, stop).catch(printFailure));
program
  .command('reset')
  .description(
    'Deletes the cluster in containers with all its data; with --context the shop and its namespace.',
  )
  .action((_, command: Command) =>
    oneAtATime(topology, () => reset(command.optsWithGlobals())).catch(printFailure),
  );
await program.parseAsync();

function accessOf({ context, namespace }: Options): Access {
  return context ? { context, namespace } : { kubeconfig, namespace };
}

async function start(options: Options): Promise<void> {
  const startedAt = Date.now();
  const access = accessOf(options);
  const digests: Record<string, string> = {};
  const { SHOP_HTTPS_PORT_1, SHOP_HTTPS_PORT_2 } = topology.ports;
  const [first = '', second = ''] = edgeOrigins(topology);
  const tls = [SHOP_HTTPS_PORT_1, SHOP_HTTPS_PORT_2].map((port) => `https://localhost:${port}`);
  // A browser may use the number as well as the name.
  const origins = [first, second, ...tls].flatMap((origin) => [
    origin,
    origin.replace('localhost', '127.0.0.1'),
  ]);
  const own = () => ({ origins, images: { prefix: `${registryInside}/shop`, digests } });
  const given = () => (options.images ? { images: { prefix: options.images } } : {});
  const install: Step = {
    title: 'Installing the chart',
    run: (report) => installChart(access, options.context ? given() : own(), options.values, report),
  };
  const answer: Step = {
    title: 'Waiting for both edges',
    run: (report) => waitUntilShopAnswers(topology, report),
  };
  const shop = options.context ? [install] : [install, answer];
  await runSteps([
    ...(options.context ? [] : machineSteps(digests)),
    ...(options.machines && !options.context ? [] : shop),
  ]);
  const seconds = Math.round((Date.now() - startedAt) / 1000);
  if (options.machines && !options.context) return console.log(`\nKUBECONFIG=${kubeconfig}\n`);
  if (options.context) return console.log(`\nThe shop is installed, ${seconds} s after you asked.\n`);
  const accounts = await readAccounts(access, accountsFile(topology.project));
  console.log(`
The shop answers on Kubernetes, ${seconds} s after you asked:

  ${first}   ${second}   (two machines, each passes on to every edge)
  ${tls.join('  ')}  (the certificate is self-signed)

Accounts (also in ${accountsFile(topology.project)}):

${accounts.map(({ email, password, role }) => `  ${role.padEnd(9)} ${email.padEnd(28)} ${password}`).join('\n')}

To try next:

  export KUBECONFIG=${kubeconfig}
  npm run control-room -- --kubernetes             a map of the pods: kill one by a click, and go on shopping
  npm run kubectl -- get pods                      what runs where
  npm run kubectl -- delete pod --grace-period=0 --force NAME   kill one, and go on shopping
  npm run test:kubernetes                          the promises, while pods and machines fail
  npm run kubernetes -- stop                       stop all; reset forgets the data too
`);
}

async function stop(): Promise<void> {
  const run = async (report: (line: string) => void) => {
    await takeDown(topology, report);
    return 'done';
  };
  await runSteps([{ title: 'Stopping the machines, keeping data and images', run }]);
  console.log('Stopped. `npm run kubernetes` brings it back.');
}

async function reset(options: Options): Promise<void> {
  const access = accessOf(options);
  const uninstall = async () => {
    await helm(access, ['uninstall', release, '--wait']);
    await kubectl(access, ['delete', 'namespace', access.namespace]);
    return 'done';
  };
  const forget = async () => {
    await discard(topology).catch((error) => {
      throw new ActionableError(`The cluster was not deleted: ${error}`, 'run the command again');
    });
    await rm(kubeconfig, { force: true });
    await rm(accountsFile(topology.project), { force: true });
    return 'done';
  };
  await runSteps([
    options.context
      ? { title: `Deleting the shop of ${options.context}`, run: uninstall }
      : { title: 'Deleting the machines and their data', run: forget },
  ]);
}
