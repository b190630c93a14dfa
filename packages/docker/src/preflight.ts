import { statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { freemem } from 'node:os';
import { dirname } from 'node:path';
import { ActionableError } from '@shop/command/actionable-error.ts';
import { succeeds } from '@shop/command/command.ts';
import { execa } from 'execa';
import { engine } from './engine-api.ts';
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

/**
 * Checks that a topology can run on this machine, before anything is installed.
 *
 * @throws ActionableError that names every problem found, each with its hint.
 */
export async function preflight(topology: Topology): Promise<string> {
  const facts = await readFacts(topology);
  refuse(problemsOf(facts));
  return `${inGiB(facts.availableMemoryBytes)} memory, ${inGiB(facts.freeDiskBytes)} disk, ports free`;
}

/** @throws ActionableError that names every problem, each with its hint; nothing when there is none. */
export function refuse(problems: Problem[]): void {
  if (problems.length === 0) return;
  throw new ActionableError(
    problems.map(({ what }) => what).join('\n'),
    `\n${problems.map(({ hint }) => `- ${hint}`).join('\n')}`,
  );
}

async function readFacts(topology: Topology): Promise<MachineFacts> {
  const ports = Object.entries(topology.ports).map(([variable, port]) => ({ variable, port }));
  const taken = await Promise.all(ports.map(async ({ port }) => !(await canListen(port))));
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
