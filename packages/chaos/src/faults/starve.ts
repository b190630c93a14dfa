import * as docker from '@shop/docker/engine-api.ts';
import type { Container } from '../topology/topology.ts';
import type { Fault } from './fault.ts';

/** The scheduler's own period: a container that has used up its share waits for the rest of these 100 ms. */
const periodUs = 100_000;

/**
 * Limits the container to a share of one processor; `0.05` is a twentieth. It stays alive and does everything late. It
 * is set as a quota and not by `--cpus`, which can be changed but not removed.
 */
export function starve(container: Container, cpus = 0.05): Fault {
  const update = (quotaUs: number) =>
    docker.container(container.id).update({ CpuPeriod: periodUs, CpuQuota: quotaUs });
  return {
    name: `${container.name} starved to ${cpus} of a processor`,
    async strike() {
      await update(cpus * periodUs);
    },
    async undo() {
      await update(-1);
    },
  };
}
