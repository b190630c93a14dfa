import { balancingOf } from '@shop/docker/balancing.ts';
import { listContainers } from '@shop/docker/engine-api.ts';
import type { Topology } from '@shop/docker/topology.ts';
import { readRates } from './rates.ts';
import { readRoles } from './roles.ts';
import { readServiceLevel } from './service-level.ts';
import { UsageMeter } from './usage.ts';
import type { Questions } from './watch.ts';

/** What a watch asks about a running topology: its engine, its members and its Prometheus. */
export function questionsAbout(topology: Topology): Questions {
  const meter = new UsageMeter();
  return {
    project: topology.project,
    list: () => listContainers(topology.project),
    uses: (ids) => meter.read(ids),
    roles: readRoles,
    rates: () => readRates(topology),
    balancing: async () => (await balancingOf(topology)).map(({ method }) => method),
    serviceLevel: () => readServiceLevel(topology),
  };
}
