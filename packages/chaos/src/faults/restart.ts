import * as docker from '@shop/docker/engine-api.ts';
import type { Container } from '../topology/topology.ts';

/** A restart by an operator: SIGTERM, up to the container's grace period, and an immediate start. */
export async function restart(container: Container): Promise<void> {
  await docker.container(container.id).restart();
}
