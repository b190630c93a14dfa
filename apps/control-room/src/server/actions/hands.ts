import { cut } from '@shop/chaos/faults/cut.ts';
import { killed, startAgain } from '@shop/chaos/faults/kill.ts';
import { paused, unpause } from '@shop/chaos/faults/pause.ts';
import { restart } from '@shop/chaos/faults/restart.ts';
import { scale } from '@shop/chaos/faults/scale.ts';
import { stop, stopped } from '@shop/chaos/faults/stop.ts';
import { servicesReplacedBy, settingsOf } from '@shop/chaos/topology/variants.ts';
import { balance, balancingOf, type EdgeBalancing, restoreBalancing } from '@shop/docker/balancing.ts';
import type { BalancingMethod } from '@shop/docker/balancing-methods.ts';
import { type Listed, listContainers } from '@shop/docker/engine-api.ts';
import { replace, roll } from '@shop/docker/rolling.ts';
import type { Topology } from '@shop/docker/topology.ts';
import pLimit from 'p-limit';
import { type ActionOnContainer, type BrokenBuild, brokenBuilds } from '../../shared/actions.ts';
import type { Doable } from './timeline.ts';

/** What can be done to a topology: nothing but this, and only to containers of its project. */
export interface Hands {
  /** @returns `undefined` when the project has no container with this id. */
  onContainer(action: ActionOnContainer, id: string): Promise<Doable | undefined>;
  /** Starts or stops API replicas until there are `count`. */
  scaleApi(count: number): Promise<Doable>;
  /** Changes how both edges choose a replica; no request fails. */
  balance(method: BalancingMethod): Doable;
  /** Deploys the shop with one mechanism switched off. */
  brokenBuild(build: BrokenBuild): Doable;
}

/** The faults of the chaos tests on a project. A `start` undoes a kill, a stop or a pause, whatever program caused it. */
export function handsOn(topology: Topology): Hands {
  const { project } = topology;
  // An edge takes one method at a time: a second change waits for the first.
  const switching = pLimit(1);
  return {
    async onContainer(action, id) {
      const container = (await listContainers(project)).find((known) => known.id === id);
      return container && doables[action](container);
    },
    async scaleApi(count) {
      const before = (await listContainers(project, 'api')).length;
      return {
        name: `scale the API from ${before} to ${count}`,
        strike: () => scale('api', count),
        undo: () => scale('api', before),
      };
    },
    balance(method) {
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
    brokenBuild(build) {
      const broken = { ...topology, settings: settingsOf(build) };
      const restore = () => deploy(topology, servicesReplacedBy(build));
      return {
        name: `broken build: ${brokenBuilds[build].title.toLowerCase()}`,
        build,
        // One that stops half-way leaves replicas of both builds.
        strike: () =>
          deploy(broken, servicesReplacedBy(build)).catch(async (error) => {
            await restore();
            throw error;
          }),
        undo: restore,
      };
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

const fault = (doable: Doable): Doable => ({ ...doable, isFault: true });

const doables: Record<ActionOnContainer, (container: Listed) => Doable> = {
  kill: (container) => fault(killed(container)),
  stop: (container) => fault(stopped(container)),
  pause: (container) => fault(paused(container)),
  cut: (container) => fault(cut(container)),
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
