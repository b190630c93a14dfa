import { type Container, docker } from '../topology/topology.ts';

/** What an operator does: SIGTERM, up to the container's grace period, and started again at once. */
export async function restart(container: Container): Promise<void> {
  await docker('restart', container.id);
}
