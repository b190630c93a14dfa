import { type Container, docker } from '../topology/topology.ts';
import type { Fault } from './fault.ts';

/** Of the scheduler's own period: one that is starved of its share waits for the rest of these 100 ms. */
const periodUs = 100_000;

/**
 * Leaves the container a share of one processor, `0.05` being a twentieth: alive, and late with everything. Set as a
 * quota and not by `--cpus`, which can be changed but not be taken back.
 */
export function starve(container: Container, cpus = 0.05): Fault {
  const update = (quotaUs: number) =>
    docker('update', '--cpu-period', String(periodUs), '--cpu-quota', String(quotaUs), container.id);
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
