import { balancingOf } from '@shop/docker/balancing.ts';
import { type Listed, listContainers } from '@shop/docker/engine-api.ts';
import type { Topology } from '@shop/docker/topology.ts';
import type { Found } from '../snapshot.ts';
import type { Questions } from '../watch.ts';
import { stateOf } from './container-state.ts';
import { shortNames } from './names.ts';
import { readRates } from './rates.ts';
import { readRoles } from './roles.ts';
import { readServiceLevel } from './service-level.ts';
import { UsageMeter } from './usage.ts';

/** What a watch asks about a running topology: its engine, its members and its Prometheus. */
export function questionsAbout(topology: Topology): Questions {
  const meter = new UsageMeter();
  return {
    list: async () => found(topology.project, await listContainers(topology.project)),
    uses: (ids) => meter.read(ids),
    roles: readRoles,
    rates: () => readRates(topology),
    balancing: async () => (await balancingOf(topology)).map(({ method }) => method),
    serviceLevel: () => readServiceLevel(topology),
  };
}

/** The engine's list as the page has it, with short names. */
export function found(project: string, listed: Listed[]): Found[] {
  const names = shortNames(project, listed);
  return listed.map((container) => {
    const { id, service, status, addresses } = container;
    return { id, name: names.get(id)!, service, state: stateOf(container), status, addresses };
  });
}
