import { compose } from '../topology/topology.ts';

/** Changes how many replicas a service has; returns when compose has started or stopped them. */
export async function scale(service: string, count: number): Promise<void> {
  await compose(['up', '--detach', '--no-deps', '--no-recreate', '--scale', `${service}=${count}`, service]);
}
