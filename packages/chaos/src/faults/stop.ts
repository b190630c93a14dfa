import * as docker from '@shop/docker/engine-api.ts';
import type { Container } from '../topology/topology.ts';
import type { Fault } from './fault.ts';
import { startAgain } from './kill.ts';

/** A stop by an orchestrator: SIGTERM, then SIGKILL after the container's grace period. */
export async function stop(container: Container): Promise<void> {
  await docker.stop(container.id);
}

export const stopped = (container: Container): Fault => ({
  name: `stop ${container.name}`,
  strike: () => stop(container),
  undo: () => startAgain(container),
});
