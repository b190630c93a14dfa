import { type Access, environmentOfAccess, podsOf } from '@shop/cluster/kubectl.ts';
import { clusterTopology } from '@shop/cluster/own-cluster.ts';
import { ActionableError } from '@shop/command/actionable-error.ts';
import { environmentOfTests } from '@shop/docker/environment-of-tests.ts';
import { topologyNamed } from '@shop/docker/named-topology.ts';
import { isRunning } from '@shop/docker/topology.ts';
import type { Shop } from './shop.ts';
import { accessOf, type Options } from './wanted.ts';

/** The shop that the command line asks for. @throws ActionableError when it does not run. */
export async function findShop(options: Options): Promise<Shop> {
  const access = accessOf(options);
  return access ? await onCluster(access) : await underCompose(options.project);
}

// Both set their variables before the first import of the chaos harness, which reads them when it is loaded.

async function underCompose(project: string): Promise<Shop> {
  const topology = topologyNamed(project);
  if (!(await isRunning(topology)))
    throw new ActionableError(`The topology "${project}" is not running.`, 'run `npm start` first');
  Object.assign(process.env, environmentOfTests(topology));
  return (await import('./compose/shop.ts')).shopOf(topology);
}

async function onCluster(access: Access): Promise<Shop> {
  const { context, namespace } = access;
  const pods = await podsOf(access).catch((cause) => {
    const hint = context
      ? `\`kubectl --context ${context} get pods\` must answer`
      : 'start it with `npm run kubernetes`';
    throw new ActionableError('The cluster does not answer.', hint, { cause });
  });
  if (pods.length === 0)
    throw new ActionableError(
      `The namespace "${namespace}" has no pods.`,
      'install the shop there with `npm run kubernetes`',
    );
  Object.assign(process.env, environmentOfTests(clusterTopology()), environmentOfAccess(access));
  return (await import('./kubernetes/shop.ts')).shopOn(access);
}
