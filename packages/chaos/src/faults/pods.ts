import { kubectl, type Pod, podsOf } from '@shop/cluster/kubectl.ts';
import { killContainers } from '@shop/cluster/own-cluster.ts';
import pWaitFor from 'p-wait-for';
import { clusterUnderTest } from '../topology/cluster-under-test.ts';

/** A new pod starts within seconds on a free machine, and a database may have to be copied. */
const patienceMs = 300_000;

/**
 * Every process of a pod dies at once: no drain, no farewell. Resolves when its successor in the same pod is ready, or when the pod
 * is gone: a scale-in takes pods first that are not ready.
 */
export async function killPod(victim: Pod): Promise<void> {
  await killContainers(victim);
  const isBack = (pods: Pod[]) => {
    const pod = pods.find(({ name }) => name === victim.name);
    return !pod || (pod.ready && !pod.containers.some((container) => victim.containers.includes(container)));
  };
  await until(undefined, isBack, `${victim.name} was killed and is not ready again`);
}

/**
 * Deletes a pod, as a scale-in and a drained machine do: it gets SIGTERM and its grace period. Resolves when Kubernetes has
 * accepted the deletion.
 */
export async function deletePod({ name }: Pod): Promise<void> {
  await kubectl(clusterUnderTest(), ['delete', 'pod', name, '--wait=false']);
}

/** Waits until at least `count` pods of a service, or of all, are ready and every other is gone. */
export async function untilPodsAreReady(service: string | undefined, count: number): Promise<Pod[]> {
  const settled = (pods: Pod[]) =>
    pods.length >= count && pods.every(({ ready, leaving }) => ready && !leaving);
  return await until(service, settled, `${service ?? 'the shop'} has not ${count} pods that are ready`);
}

async function until(service: string | undefined, holds: (pods: Pod[]) => boolean, message: string) {
  const look = async () => {
    const pods = await podsOf(clusterUnderTest(), service);
    return holds(pods) && pWaitFor.resolveWith(pods);
  };
  return await pWaitFor(look, { interval: 500, timeout: { milliseconds: patienceMs, message } });
}
