import type Docker from 'dockerode';
import { container, engine, ofCompose } from './engine-api.ts';
import type { Topology } from './topology.ts';

/** The processor time that a container has used since its start, and its present memory. */
export interface Usage {
  /** Milliseconds of processor time. */
  processorMs: number;
  /** Without the inactive page cache, which the kernel frees when another program needs the memory. */
  memoryBytes: number;
}

/** Milliseconds of processor time by service; the containers of a service are summed. */
export type ProcessorTimes = Map<string, number>;

/**
 * Reads the kernel's figures for a container: exact, and without cost to the container. The engine reads the files of
 * either version of control groups, also where the engine runs in a virtual machine.
 *
 * @param id a container that runs, by its id or name.
 */
export async function usageOf(id: string): Promise<Usage> {
  // `one-shot`: without a second sample a second later, from which `docker stats` computes its percentage.
  const stats = await container(id).stats({ stream: false, 'one-shot': true });
  return {
    processorMs: stats.cpu_stats.cpu_usage.total_usage / 1e6,
    memoryBytes: withoutCache(stats.memory_stats),
  };
}

/** The processor time of a topology's running containers by service. */
export async function processorTimesOf({ project }: Pick<Topology, 'project'>): Promise<ProcessorTimes> {
  const running = await engine().listContainers({ filters: { label: ofCompose({ project }) } });
  const times: ProcessorTimes = new Map();
  const add = async ({ Id, Labels }: Docker.ContainerInfo) => {
    const name = Labels['com.docker.compose.service'] ?? '';
    const { processorMs } = await usageOf(Id);
    times.set(name, (times.get(name) ?? 0) + processorMs);
  };
  await Promise.all(running.map(add));
  return times;
}

/**
 * Memory in use without file pages that were not used for a while, as `docker stats` shows it. Under version 1 of
 * control groups the figures of the whole group begin with `total_`.
 */
export function withoutCache({ usage, stats }: { usage: number; stats: object }): number {
  const figures = stats as Record<string, number>;
  const cached = figures.total_inactive_file ?? figures.inactive_file;
  if (cached === undefined) throw new Error("the engine tells no inactive_file of the container's memory");
  return usage - cached;
}
