import { writeFile } from 'node:fs/promises';
import { stateDir } from '@shop/command/folders.ts';
import * as engine from '@shop/docker/engine-api.ts';
import { execIn, readFrom } from '@shop/docker/in-container.ts';
import type { Topology } from '@shop/docker/topology.ts';
import type { Pod } from './kubectl.ts';

const project = 'shop-kubernetes';

/** The four workers of infra/kubernetes/cluster.yml: two in zone `a`, one in `b`, one in `c`. */
export const nodes = ['node-1', 'node-2', 'node-3', 'node-4'] as const;

/** Where kubectl finds the cluster in containers. */
export const kubeconfig = `${stateDir}kubernetes.kubeconfig`;

/**
 * The cluster in containers: machines of a compose project of its own, beside `npm start` and `npm test`. SHOP_KUBERNETES_PORTS
 * (the thousand that its ports begin with) and SHOP_KUBERNETES_SUBNET move it elsewhere.
 */
export function clusterTopology(environment: NodeJS.ProcessEnv = process.env) {
  const firstPort = Number(environment.SHOP_KUBERNETES_PORTS ?? 19_000);
  // The edges' ports, at the machines node-1 and node-2; every machine passes them on to every edge.
  const ports = {
    SHOP_HTTP_PORT_1: firstPort + 80,
    SHOP_HTTP_PORT_2: firstPort + 81,
    SHOP_HTTPS_PORT_1: firstPort + 443,
    SHOP_HTTPS_PORT_2: firstPort + 444,
    SHOP_KUBERNETES_API_PORT: firstPort + 643,
    SHOP_KUBERNETES_REGISTRY_PORT: firstPort + 500,
  };
  const subnet = environment.SHOP_KUBERNETES_SUBNET ?? '172.27';
  const files = ['infra/kubernetes/cluster.yml'];
  return { project, subnet, ports, files } satisfies Topology;
}

/** A machine of the cluster: one of `nodes`, or the one with the control plane. */
export type Machine = (typeof nodes)[number] | 'control-plane';
const containerOf = (machine: Machine) => `${project}-${machine}-1`;

/** Switches a machine off as a power cut does: every process on it dies at once, its disk stays. */
export async function switchOff(machine: Machine): Promise<void> {
  await engine.container(containerOf(machine)).kill();
}

/** Switches a machine on again; Kubernetes takes seconds more to count it as Ready. Changes nothing when it runs. */
export async function switchOn(machine: Machine): Promise<void> {
  await engine.start(containerOf(machine));
}

/** Both directions; only the host still reaches the machine, through its published ports. */
const eachRule = (work: string) => `
  host=$(ip route show default | awk '{ print $3 }')
  change() { ${work}; }
  change raw PREROUTING -i eth0 ! -s "$host" -j DROP
  change mangle POSTROUTING -o eth0 ! -d "$host" -j DROP`;
const addRule = 'table=$1; shift; iptables -t "$table" -I "$@"';
const removeRule =
  'table=$1; shift; if iptables -t "$table" -C "$@" 2>/dev/null; then iptables -t "$table" -D "$@"; fi';

/** Takes a machine off the network of the others without a word: packets vanish. Clients outside still reach its ports. */
export async function cutOff(machine: Machine): Promise<void> {
  await execIn(containerOf(machine), 'sh', '-ec', eachRule(addRule));
}

/** Undoes `cutOff`; changes nothing when the machine is not cut off. */
export async function rejoin(machine: Machine): Promise<void> {
  await execIn(containerOf(machine), 'sh', '-ec', eachRule(removeRule));
}

/**
 * Holds the program by which a machine follows the pods of Services: connections that arrive at the machine go on to a pod that has
 * left. Real load balancers hear as late.
 */
export async function holdProxy(machine: Machine): Promise<void> {
  await execIn(containerOf(machine), 'pkill', '-STOP', '--full', 'kube kube-proxy');
}

/** Undoes `holdProxy`; changes nothing when the program is not held. */
export async function releaseProxy(machine: Machine): Promise<void> {
  await execIn(containerOf(machine), 'pkill', '-CONT', '--full', 'kube kube-proxy');
}

/** SIGKILL to every process of a pod, by the engine of its machine: Kubernetes learns of it afterwards, and starts it again. */
export async function killContainers({ name, node, containers }: Pod): Promise<void> {
  if (containers.length === 0) throw new Error(`${name} has no container that could be killed`);
  for (const container of containers)
    await execIn(
      containerOf(node as Machine),
      ...['ctr', '--namespace', 'k8s.io', 'tasks', 'kill', '--signal', 'SIGKILL', '--all', container],
    );
}

/** Writes the administrator's kubeconfig of the running cluster to `kubeconfig`, with its address on 127.0.0.1. */
export async function writeKubeconfig(): Promise<void> {
  const inside = (await readFrom(containerOf('control-plane'), '/pki/admin.conf')).toString();
  const { SHOP_KUBERNETES_API_PORT: port } = clusterTopology().ports;
  await writeFile(kubeconfig, inside.replace(/server: '[^']+'/, `server: 'https://127.0.0.1:${port}'`), {
    mode: 0o600,
  });
}
