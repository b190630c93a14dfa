import { type Container, docker } from '../topology/topology.ts';
import type { Fault } from './fault.ts';

/** SIGKILL: no farewell, no flush. `docker kill` also keeps the restart policy from bringing it back. */
export async function kill(container: Container): Promise<void> {
  await docker('kill', container.id);
}

/** Undoes `kill`; what is inside may still be coming up. */
export async function startAgain(container: Container): Promise<void> {
  await docker('start', container.id);
}

export const killed = (container: Container): Fault => ({
  name: `SIGKILL ${container.name}`,
  strike: () => kill(container),
  undo: () => startAgain(container),
});
