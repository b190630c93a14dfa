import * as docker from '@shop/docker/engine-api.ts';
import type { Container } from '../topology/topology.ts';
import type { Fault } from './fault.ts';

/**
 * SIGKILL: the process can neither say goodbye nor flush. The engine's `kill` also keeps the restart policy from
 * starting it again.
 */
export async function kill(container: Container): Promise<void> {
  await docker.container(container.id).kill();
}

/** Undoes `kill`; the program inside may still be starting. */
export async function startAgain(container: Container): Promise<void> {
  await docker.start(container.id);
}

export const killed = (container: Container): Fault => ({
  name: `SIGKILL ${container.name}`,
  strike: () => kill(container),
  undo: () => startAgain(container),
});
