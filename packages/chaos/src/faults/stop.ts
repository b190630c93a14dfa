import { type Container, docker } from '../topology/topology.ts';
import type { Fault } from './fault.ts';
import { startAgain } from './kill.ts';

/** What an orchestrator does: SIGTERM, then up to the container's grace period before SIGKILL. */
export async function stop(container: Container): Promise<void> {
  await docker('stop', container.id);
}

export const stopped = (container: Container): Fault => ({
  name: `stop ${container.name}`,
  strike: () => stop(container),
  undo: () => startAgain(container),
});
