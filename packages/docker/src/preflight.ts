import { statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { freemem } from 'node:os';
import { dirname } from 'node:path';
import { ActionableError } from '@shop/command/actionable-error.ts';
import { succeeds } from '@shop/command/command.ts';
import { execa } from 'execa';
import { engine } from './engine-api.ts';
import { freeSubnet, networksOfEngine, routesOfMachine, type SubnetUser, usersOfSubnet } from './subnet.ts';
import type { Topology } from './topology.ts';

const GiB = 1024 ** 3;
/** An idle topology needs less than 2.5 GiB; the rest is for the compiler of the first start and for load. */
const neededMemoryBytes = 4 * GiB;
/** Engine, base images, our images, MinIO's compiler with its caches, and data. */
const neededDiskBytes = 10 * GiB;

export interface MachineFacts {
  availableMemoryBytes: number;
  freeDiskBytes: number;
  diskPath: string;
  /** Ports that another process uses, with its name, if it is visible. */
  takenPorts: { port: number; holder: string; variable: string }[];
  /** Interfaces that use the topology's subnet, and the setting that moves the topology to another, if there is one. */
  subnetUsers: SubnetUser[];
  otherSubnet: string | undefined;
}

export interface Problem {
  what: string;
  hint: string;
}

/** The problems that keep a topology from starting on a machine with these facts; empty when there are none. */
export function problemsOf(facts: MachineFacts): Problem[] {
  const problems: Problem[] = facts.takenPorts.map(({ port, holder, variable }) => ({
    what: `Port ${port} of 127.0.0.1 is taken by ${holder}.`,
    hint: `Stop it, or choose another port: ${variable}=${port + 1000} npm start`,
  }));
  problems.push(...facts.subnetUsers.map((user) => subnetProblem(user, facts.otherSubnet)));
  if (facts.availableMemoryBytes < neededMemoryBytes)
    problems.push({
      what: `${inGiB(facts.availableMemoryBytes)} of memory are available, ${inGiB(neededMemoryBytes)} are needed.`,
      hint: 'Close what uses much memory, or give the machine (or the virtual machine of Docker) more.',
    });
  if (facts.freeDiskBytes < neededDiskBytes)
    problems.push({
      what: `${inGiB(facts.freeDiskBytes)} are free on the disk of ${facts.diskPath}, ${inGiB(neededDiskBytes)} are needed.`,
      hint: 'Free some space there; `docker system df` shows what Docker holds.',
    });
  return problems;
}

function subnetProblem({ network, destination, ...user }: SubnetUser, otherSubnet?: string): Problem {
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

/**
 * Checks that a topology can run on this machine.
 *
 * @throws ActionableError that names every problem found, each with its hint.
 */
export async function preflight(topology: Topology): Promise<string> {
  const facts = await readFacts(topology);
  const problems = problemsOf(facts);
  if (problems.length > 0)
    throw new ActionableError(
      problems.map(({ what }) => what).join('\n'),
      `\n${problems.map(({ hint }) => `- ${hint}`).join('\n')}`,
    );
  return `${inGiB(facts.availableMemoryBytes)} memory, ${inGiB(facts.freeDiskBytes)} disk, ports and addresses free`;
}

async function readFacts(topology: Topology): Promise<MachineFacts> {
  const ports = Object.entries(topology.ports).map(([variable, port]) => ({ variable, port }));
  const taken = await Promise.all(ports.map(async ({ port }) => !(await canListen(port))));
  const routes = await routesOfMachine();
  // Where there is no engine yet, one will be installed.
  const info: { DockerRootDir?: string; MemTotal?: number } = await engine()
    .info()
    .catch(() => ({}));
  const diskPath = await existingParent(info.DockerRootDir ?? '/var/lib/docker');
  const { bavail, bsize } = await statfs(diskPath);
  // Docker Desktop's engine lives in a virtual machine that has less than the machine itself.
  const engineMemoryBytes = info.MemTotal || Number.POSITIVE_INFINITY;
  return {
    availableMemoryBytes: Math.min(freemem(), engineMemoryBytes),
    freeDiskBytes: bavail * bsize,
    diskPath,
    takenPorts: await Promise.all(
      ports
        .filter((_, index) => taken[index])
        .map(async (entry) => ({ ...entry, holder: await holderOf(entry.port) })),
    ),
    subnetUsers: usersOfSubnet(topology, routes, await networksOfEngine()),
    otherSubnet: topology.subnetVariable && `${topology.subnetVariable}=${freeSubnet(routes)}`,
  };
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** The user of a port: a container, else a process, else a text that says that it cannot be seen. */
async function holderOf(port: number): Promise<string> {
  const publish = [String(port)];
  const [container] = await engine()
    .listContainers({ filters: { publish } })
    .catch(() => []);
  if (container) return `the container ${container.Names[0]?.slice(1)}`;
  const { stdout: socket } = await execa('ss', ['-Hltnp', `sport = :${port}`], { reject: false });
  const [, name, pid] = /users:\(\("([^"]+)",pid=(\d+)/.exec(socket ?? '') ?? [];
  return name
    ? `the process ${name} (pid ${pid})`
    : `a process (\`sudo ss -ltnp 'sport = :${port}'\` shows which)`;
}

async function existingParent(path: string): Promise<string> {
  return (await succeeds('test', ['-d', path])) || path === '/' ? path : existingParent(dirname(path));
}

function inGiB(bytes: number): string {
  return `${(bytes / GiB).toFixed(1)} GiB`;
}
