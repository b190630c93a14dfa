import { ActionableError } from '@shop/command/actionable-error.ts';
import { environmentOfTests } from '@shop/docker/environment-of-tests.ts';
import { topologyNamed } from '@shop/docker/named-topology.ts';
import { isRunning } from '@shop/docker/topology.ts';
import type { Shop } from './shop.ts';
import type { Options } from './wanted.ts';

/** The shop that the command line asks for. @throws ActionableError when it does not run. */
export async function findShop({ project }: Options): Promise<Shop> {
  const topology = topologyNamed(project);
  if (!(await isRunning(topology)))
    throw new ActionableError(`The topology "${project}" is not running.`, 'run `npm start` first');
  // Set before the first import of the chaos harness, which reads it when it is loaded.
  Object.assign(process.env, environmentOfTests(topology));
  return (await import('./compose/shop.ts')).shopOf(topology);
}
