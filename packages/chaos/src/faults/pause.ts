import * as docker from '@shop/docker/engine-api.ts';
import type { Container } from '../topology/topology.ts';
import type { Fault } from './fault.ts';

/** SIGSTOP to every process inside: connections stay open and nothing answers. */
export async function pause(container: Container): Promise<void> {
  await docker.container(container.id).pause();
}

/** Undoes `pause`; changes nothing when the container runs already. */
export async function unpause(container: Container): Promise<void> {
  await docker
    .container(container.id)
    .unpause()
    .catch(() => {});
}

export const paused = (container: Container): Fault => ({
  name: `pause ${container.name}`,
  strike: () => pause(container),
  undo: () => unpause(container),
});
