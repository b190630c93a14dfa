import { statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { freemem } from 'node:os';
import { dirname } from 'node:path';
import { ActionableError } from '@shop/command/actionable-error.ts';
import { succeeds } from '@shop/command/command.ts';
import { execa } from 'execa';
import type { Topology } from './topology.ts';

const GiB = 1024 ** 3;
/** Everything idles below 2.5 GiB; the rest is for the first start's compiler and for load. */
const neededMemoryBytes = 4 * GiB;
/** Engine, base images, our images, MinIO's compiler with its caches, and data. */
const neededDiskBytes = 10 * GiB;

export interface MachineFacts {
  availableMemoryBytes: number;
  freeDiskBytes: number;
  diskPath: string;
  /** Ports that another process listens on, with its name, as far as that can be seen. */
  takenPorts: { port: number; holder: string; variable: string }[];
}

export interface Problem {
  what: string;
  hint: string;
}

/** What keeps a topology from starting on a machine with these facts; empty when nothing does. */
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
 * Refuses to start on a machine where the topology could not run.
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
  return `${inGiB(facts.availableMemoryBytes)} memory, ${inGiB(facts.freeDiskBytes)} disk, ports free`;
}

async function readFacts(topology: Topology): Promise<MachineFacts> {
  const ports = Object.entries(topology.ports).map(([variable, port]) => ({ variable, port }));
  const taken = await Promise.all(ports.map(async ({ port }) => !(await canListen(port))));
  const diskPath = await existingParent((await engineInfo('DockerRootDir')) ?? '/var/lib/docker');
  const { bavail, bsize } = await statfs(diskPath);
  // Docker Desktop's engine lives in a virtual machine that has less than the machine itself.
  const engineMemoryBytes = Number(await engineInfo('MemTotal')) || Number.POSITIVE_INFINITY;
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

/** What listens on a port: a container, else a process, else an admission that it cannot be seen. */
async function holderOf(port: number): Promise<string> {
  const options = { reject: false } as const;
  const { stdout: container } = await execa(
    'docker',
    ['ps', '--filter', `publish=${port}`, '--format', '{{.Names}}'],
    options,
  );
  if (container) return `the container ${container}`;
  const { stdout: socket } = await execa('ss', ['-Hltnp', `sport = :${port}`], options);
  const [, name, pid] = /users:\(\("([^"]+)",pid=(\d+)/.exec(socket ?? '') ?? [];
  return name
    ? `the process ${name} (pid ${pid})`
    : `a process (\`sudo ss -ltnp 'sport = :${port}'\` shows which)`;
}

async function engineInfo(field: string): Promise<string | undefined> {
  const { stdout, failed } = await execa('docker', ['info', '--format', `{{.${field}}}`], { reject: false });
  return failed || !stdout ? undefined : stdout;
}

async function existingParent(path: string): Promise<string> {
  return (await succeeds('test', ['-d', path])) || path === '/' ? path : existingParent(dirname(path));
}

function inGiB(bytes: number): string {
  return `${(bytes / GiB).toFixed(1)} GiB`;
}
