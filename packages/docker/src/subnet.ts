import { readFile } from 'node:fs/promises';
import { engine } from './engine-api.ts';
import { type Problem, refuse } from './preflight.ts';
import type { Topology } from './topology.ts';

/** A route of this machine: which addresses it reaches through which interface. */
export interface Route {
  interface: string;
  /** As in `172.30.0.0/24`. */
  destination: string;
}

/** A network of the engine, with the interface of the machine that belongs to it. */
export interface EngineNetwork {
  name: string;
  interface: string;
  /** The compose project that made it, if one did. */
  project: string | undefined;
}

/** An interface of this machine that already has addresses in a topology's subnet. */
export interface SubnetUser extends Route {
  /** The engine's network, if the interface belongs to one. */
  network: string | undefined;
}

/**
 * The interfaces that use the subnet of a topology and do not belong to its own networks: two interfaces with the same
 * addresses would cut the containers off from each other.
 */
export function usersOfSubnet(
  { project, subnet }: Pick<Topology, 'project' | 'subnet'>,
  routes: Route[],
  networks: EngineNetwork[],
): SubnetUser[] {
  return routes
    .filter(({ destination }) => destination.startsWith(`${subnet}.`))
    .map((route) => ({ route, network: networks.find((network) => network.interface === route.interface) }))
    .filter(({ network }) => network?.project !== project)
    .map(({ route, network }) => ({ ...route, network: network?.name }));
}

/**
 * Another subnet that nothing uses, for an advice. Docker takes its automatic networks from 172.17 upwards, and the
 * topologies of this repository begin at 172.27.
 */
export function freeSubnet(routes: Route[]): string {
  const isFree = (subnet: string) => !routes.some(({ destination }) => destination.startsWith(`${subnet}.`));
  const candidates = [26, 25, 24, 23, 22, 21, 20].map((second) => `172.${second}`);
  return candidates.find(isFree) ?? '10.99';
}

/**
 * The routes of this machine; none where there is no /proc, as on macOS, where the engine's networks are in a virtual
 * machine. Node's `networkInterfaces()` would omit a bridge without containers, and its route counts all the same.
 */
async function routesOfMachine(): Promise<Route[]> {
  return parseRoutes(await readFile('/proc/net/route', 'utf8').catch(() => ''));
}

/** Reads the kernel's table: below its headings, each line begins with interface, destination, …, and has the mask as its eighth field. */
export function parseRoutes(table: string): Route[] {
  const lines = table.trim().split('\n').slice(1);
  return lines.map((line) => {
    const fields = line.trim().split(/\s+/);
    return { interface: fields[0]!, destination: `${addressOf(fields[1]!)}/${bitsOf(fields[7]!)}` };
  });
}

/** The kernel prints an address as a hexadecimal number whose last byte is the address's first. */
const addressOf = (number: string) => [...Buffer.from(number, 'hex').reverse()].join('.');
const bitsOf = (mask: string) => Number.parseInt(mask, 16).toString(2).replaceAll('0', '').length;

/** The bridges of the engine. */
async function networksOfEngine(): Promise<EngineNetwork[]> {
  const networks = await engine().listNetworks();
  return networks.map(({ Id, Name, Options, Labels }) => ({
    name: Name,
    interface: Options?.['com.docker.network.bridge.name'] ?? `br-${Id.slice(0, 12)}`,
    project: Labels?.['com.docker.compose.project'],
  }));
}

/**
 * Checks that no one else uses a topology's subnet. It asks the engine which interfaces are its own, so the engine must
 * answer: the bridges of an engine that was ended belong to it again when it has started.
 *
 * @throws ActionableError that names each such interface and how to make room.
 */
export async function checkSubnet(topology: Topology): Promise<string> {
  const routes = await routesOfMachine();
  const users = usersOfSubnet(topology, routes, await networksOfEngine());
  const otherSubnet = topology.subnetVariable && `${topology.subnetVariable}=${freeSubnet(routes)}`;
  refuse(users.map((user) => subnetProblem(user, otherSubnet)));
  return `${topology.subnet}.0.0/16 is free`;
}

/** `otherSubnet` is the setting that moves the topology to another subnet, if it has one. */
export function subnetProblem({ network, destination, ...user }: SubnetUser, otherSubnet?: string): Problem {
  const holder = network
    ? `the network ${network} of the container engine`
    : `the interface ${user.interface}`;
  const remove = network
    ? `\`docker network rm ${network}\` removes it, if nothing needs it.`
    : `If it is a bridge that a removed engine left, \`ip link delete ${user.interface}\` removes it.`;
  return {
    what: `The addresses ${destination}, which the containers need, are taken by ${holder}.`,
    hint: otherSubnet ? `Set ${otherSubnet} to use other addresses. ${remove}` : remove,
  };
}
