import { listContainers } from '@shop/docker/engine-api.ts';
import type { Bench } from '@shop/lab/bench.ts';
import { labTopology } from '@shop/lab/topology.ts';

const service = 'hidden-state';

/**
 * Starts fresh replicas of the lab's box behind the balancer.
 *
 * @param state where a box keeps its state: in its process, or in a shared store.
 * @returns the container ids.
 */
export async function startReplicas(
  bench: Bench,
  count: number,
  state: 'own' | 'shared',
): Promise<[string, ...string[]]> {
  bench.report(`starting ${count} replicas`);
  // Each call has another name of the run, so compose creates new containers with empty memory.
  const settings = { LAB_STATE: state, LAB_RUN: `lab-${Date.now()}` };
  const scale = ['--scale', `${service}=${count}`];
  await bench.compose(['up', '--detach', '--no-deps', '--no-build', '--wait', ...scale, service], settings);
  await bench.balance('09-hidden-state/round-robin.conf');
  const [first, ...others] = (await listContainers(labTopology().project, service)).map(({ id }) => id);
  if (!first || others.length !== count - 1) throw new Error(`there are not ${count} replicas`);
  return [first, ...others];
}
