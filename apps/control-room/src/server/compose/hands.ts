import { cut } from '@shop/chaos/faults/cut.ts';
import type { Fault } from '@shop/chaos/faults/fault.ts';
import { killed, startAgain } from '@shop/chaos/faults/kill.ts';
import { paused, unpause } from '@shop/chaos/faults/pause.ts';
import { restart } from '@shop/chaos/faults/restart.ts';
import { scale } from '@shop/chaos/faults/scale.ts';
import { starve } from '@shop/chaos/faults/starve.ts';
import { stop, stopped } from '@shop/chaos/faults/stop.ts';
import { together } from '@shop/chaos/faults/together.ts';
import { oneOfEach } from '@shop/chaos/scenarios/scenarios.ts';
import { find } from '@shop/chaos/topology/targets.ts';
import { servicesReplacedBy, settingsOf } from '@shop/chaos/topology/variants.ts';
import { balance, balancingOf, type EdgeBalancing, restoreBalancing } from '@shop/docker/balancing.ts';
import type { BalancingMethod } from '@shop/docker/balancing-methods.ts';
import { type Listed, listContainers } from '@shop/docker/engine-api.ts';
import { replace, roll } from '@shop/docker/rolling.ts';
import type { Topology } from '@shop/docker/topology.ts';
import pLimit from 'p-limit';
import type { ActionUnderCompose, BrokenBuild } from '../../shared/actions.ts';
import { switchingOn } from '../actions/broken-build.ts';
import type { Hands } from '../actions/hands.ts';
import { type Doable, fault } from '../actions/timeline.ts';

/**
 * The faults of the chaos tests on a project, and only on its containers. A `start` undoes a kill, a stop or a pause,
 * whatever program caused it.
 */
export function handsOn(topology: Topology): Hands<ActionUnderCompose> {
  const { project } = topology;
  // An edge takes one method at a time: a second change waits for the first.
  const switching = pLimit(1);
  return {
    async onContainer(action, id) {
      const container = (await listContainers(project)).find((known) => known.id === id);
      return container && doables[action](container);
    },
    killOneOfEach() {
      let killing: Fault | undefined;
      return fault({
        name: `SIGKILL one of each of ${oneOfEach.length} kinds`,
        // Found at the moment of the strike: which database node is a replica changes.
        async strike() {
          killing = together(...(await Promise.all(oneOfEach.map(find))).map(killed));
          await killing.strike();
        },
        undo: async () => killing?.undo(),
      });
    },
    async scaleApi(count) {
      const before = (await listContainers(project, 'api')).length;
      return {
        name: `scale the API from ${before} to ${count}`,
        strike: () => scale('api', count),
        undo: () => scale('api', before),
      };
    },
    balance(method: BalancingMethod) {
      let before: EdgeBalancing[] = [];
      const restore = () => restoreBalancing(before);
      const change = async () => {
        before = await balancingOf(topology);
        // The first edge may have changed when the second refuses.
        await balance(topology, method).catch(async (error) => {
          await restore();
          throw error;
        });
      };
      return {
        name: `balance by ${method}`,
        strike: () => switching(change),
        undo: () => switching(restore),
      };
    },
    brokenBuild(build: BrokenBuild) {
      const broken = { ...topology, settings: settingsOf(build) };
      const services = servicesReplacedBy(build);
      return switchingOn(
        build,
        () => deploy(broken, services),
        () => deploy(topology, services),
      );
    },
  };
}

/** How long a new container may take until it serves. */
const readyTimeoutMs = 120_000;

/** One container after the other, as `npm run deploy` does it: what then fails was not the replacement. */
async function deploy(topology: Topology, services: readonly string[]): Promise<void> {
  const options = { readyTimeoutMs, signal: new AbortController().signal };
  for (const service of services) {
    const how = /^edge-/.test(service) ? replace : roll;
    await how(topology, service, () => {}, options);
  }
}

const doables: Record<ActionUnderCompose, (container: Listed) => Doable> = {
  kill: (container) => fault(killed(container)),
  stop: (container) => fault(stopped(container)),
  pause: (container) => fault(paused(container)),
  cut: (container) => fault(cut(container)),
  slow: (container) => fault(starve(container)),
  restart: (container) => fault({ name: `restart ${container.name}`, strike: () => restart(container) }),
  start: (container) =>
    container.state === 'paused'
      ? {
          ...paused(container),
          name: `resume ${container.name}`,
          strike: () => unpause(container),
          undo: paused(container).strike,
        }
      : { name: `start ${container.name}`, strike: () => startAgain(container), undo: () => stop(container) },
};
