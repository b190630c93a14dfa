import { deletePod } from '@shop/chaos/faults/pods.ts';
import { setInPods } from '@shop/chaos/topology/deployments.ts';
import { servicesReplacedBy, settingsOf } from '@shop/chaos/topology/variants.ts';
import { type Access, type Pod, podsOf } from '@shop/cluster/kubectl.ts';
import { killContainers } from '@shop/cluster/own-cluster.ts';
import type { ActionOnPod } from '../../shared/actions.ts';
import { switchingOn } from '../actions/broken-build.ts';
import type { Hands } from '../actions/hands.ts';
import { type Doable, fault } from '../actions/timeline.ts';
import { readScaling, requireRoom, scaleTo } from './scaling.ts';

/** The faults of the tests on Kubernetes, and only on pods of a namespace. What is struck, Kubernetes starts again. */
export function handsOn(access: Access): Hands<ActionOnPod> {
  return {
    async onContainer(action, id) {
      const pod = (await podsOf(access)).find(({ name }) => name === id);
      return pod && doables[action](pod);
    },
    async scaleApi(count) {
      const before = await readScaling(access);
      requireRoom(count, before);
      const atLeast = before.autoscaled ? ' at the fewest' : '';
      return {
        name: `scale the API from ${before.wanted} to ${count}${atLeast}`,
        strike: () => scaleTo(access, count, before),
        undo: () => scaleTo(access, before.wanted, before),
      };
    },
    brokenBuild(build) {
      const services = [...servicesReplacedBy(build)];
      return switchingOn(
        build,
        () => setInPods(services, settingsOf(build)),
        () => setInPods(services, settingsOf(build), 'restore'),
      );
    },
  };
}

const doables: Record<ActionOnPod, (pod: Pod) => Doable> = {
  kill: (pod) => fault({ name: `SIGKILL ${pod.name}`, strike: () => killContainers(pod) }),
  delete: (pod) => fault({ name: `delete ${pod.name}`, strike: () => deletePod(pod) }),
};
