import { kubectl, podsOf } from '@shop/cluster/kubectl.ts';
import {
  cutOff,
  holdProxy,
  type Machine,
  rejoin,
  releaseProxy,
  switchOff,
  switchOn,
} from '@shop/cluster/own-cluster.ts';
import pWaitFor from 'p-wait-for';
import { clusterUnderTest } from '../topology/cluster-under-test.ts';
import type { Fault } from './fault.ts';

/** Of the control plane, on a busy machine: to boot, or to notice that a machine is silent. */
const patienceMs = 300_000;

/** A machine of the cluster in containers loses its power; undone, it is switched on again. */
export function machineOff(machine: Machine): Fault {
  return {
    name: `power cut of ${machine}`,
    strike: () => switchOff(machine),
    undo: () => switchOn(machine),
  };
}

/** A machine is cut off from all others, and from nothing else; undone, it is connected again. */
export function machineCutOff(machine: Machine): Fault {
  return {
    name: `${machine} cut off`,
    strike: () => cutOff(machine),
    undo: () => rejoin(machine),
  };
}

/** A machine hears of no pod that comes or leaves; undone, it catches up. */
export function machineThatHearsLate(machine: Machine): Fault {
  return {
    name: `${machine} hears of no pods`,
    strike: () => holdProxy(machine),
    undo: () => releaseProxy(machine),
  };
}

/** The machine on which a pod runs. @throws when the pod is on none. */
export async function machineOf(pod: string): Promise<Machine> {
  const { node } = (await podsOf(clusterUnderTest())).find(({ name }) => name === pod) ?? {};
  if (!node) throw new Error(`${pod} runs on no machine`);
  return node as Machine;
}

/** Waits until Kubernetes counts a machine as lost, after which it replaces the pods there. @returns after how many ms. */
export async function untilCountedAsLost(machine: Machine): Promise<number> {
  const path = `jsonpath={.status.conditions[?(@.type=="Ready")].status}`;
  const startedAt = Date.now();
  const isLost = async () =>
    (await kubectl(clusterUnderTest(), ['get', 'node', machine, '--output', path])) !== 'True';
  const message = `${machine} is off, and Kubernetes counts it as Ready`;
  await pWaitFor(() => isLost().catch(() => false), {
    interval: 500,
    timeout: { milliseconds: patienceMs, message },
  });
  return Date.now() - startedAt;
}

/** Waits until the control plane answers. */
export async function untilControlPlaneAnswers(): Promise<void> {
  const answers = async () => Boolean(await kubectl(clusterUnderTest(), ['get', '--raw', '/readyz']));
  const message = 'the control plane does not answer';
  await pWaitFor(() => answers().catch(() => false), {
    interval: 500,
    timeout: { milliseconds: patienceMs, message },
  });
}
