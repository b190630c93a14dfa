import { type Container, docker } from '../topology/topology.ts';
import type { Fault } from './fault.ts';

/** SIGSTOP to everything inside: connections stay open and nothing answers. */
export async function pause(container: Container): Promise<void> {
  await docker('pause', container.id);
}

/** Undoes `pause`; harmless when it runs already. */
export async function unpause(container: Container): Promise<void> {
  await docker('unpause', container.id).catch(() => {});
}

export const paused = (container: Container): Fault => ({
  name: `pause ${container.name}`,
  strike: () => pause(container),
  undo: () => unpause(container),
});
