import type { Report } from '@shop/command/steps.ts';
import { containersOf, isSettled } from '@shop/docker/containers.ts';
import { container, remove, stop } from '@shop/docker/engine-api.ts';
import { compose } from '@shop/docker/topology.ts';
import pWaitFor from 'p-wait-for';
import { idsOf } from './services.ts';
import { labEnvironment, labTopology } from './topology.ts';

/** What the boxes of a run are. */
export type BoxesOptions = {
  count: number;
  /** Processors that each box may use, 0.2 say; the whole machine if it is left out. */
  cpus?: number;
  /** Environment of `docker-compose.yml` that differs, such as CATALOG_CACHE. */
  settings?: Record<string, string>;
};

/**
 * The period in which a box gets its share of a processor, the engine's usual one. With a shorter one a small box would get
 * less than its share: the scheduler hands processor time out in pieces of 5 ms.
 */
const cpuPeriodUs = 100_000;
const startTimeoutMs = 180_000;

/**
 * Brings the number of `api` containers to `count`, each a box of its own, and waits until they are ready. Boxes that
 * have the same settings are kept.
 *
 * @returns their container ids.
 */
export async function startBoxes({ count, settings = {} }: BoxesOptions): Promise<string[]> {
  const topology = labTopology();
  // A start with a fifth of a processor takes half a minute; the limit is set when the boxes are warm.
  await limitCpu(await idsOf('api'), undefined);
  const args = ['up', '--detach', '--no-deps', '--no-build', '--scale', `api=${count}`, 'api'];
  await compose(topology, args, { environment: labEnvironment(settings), log: 'lab-boxes.log' });
  await untilReady(count);
  return await idsOf('api');
}

/** Waits until there are `count` boxes, each healthy. */
async function untilReady(count: number): Promise<void> {
  const areReady = async () => {
    const boxes = (await containersOf(labTopology())).filter(({ service }) => service === 'api');
    return boxes.length === count && boxes.every(isSettled);
  };
  await pWaitFor(areReady, { interval: 250, timeout: { milliseconds: startTimeoutMs } });
}

/**
 * Replaces all boxes while they serve: starts as many new ones beside them, waits until these are ready, and takes the old
 * ones away one after the other.
 *
 * @param how `stop` lets an old one drain; `kill` does not.
 * @param settings those with which the boxes were started.
 * @returns the container ids of the new ones.
 */
export async function replaceBoxes(
  how: 'stop' | 'kill',
  { count, settings = {} }: BoxesOptions,
  report: Report,
): Promise<string[]> {
  const topology = labTopology();
  const old = await idsOf('api');
  const flags = ['--detach', '--no-deps', '--no-build', '--no-recreate'];
  report(`${count} new boxes are started beside the old ones`);
  const args = ['up', ...flags, '--scale', `api=${old.length + count}`, 'api'];
  await compose(topology, args, { environment: labEnvironment(settings), log: 'lab-boxes.log' });
  await untilReady(old.length + count);
  for (const [index, id] of old.entries()) {
    report(`old box ${index + 1} of ${old.length} ${how === 'stop' ? 'drains and stops' : 'is killed'}`);
    if (how === 'stop') await stop(id);
    await remove(id);
  }
  return await idsOf('api');
}

/** Limits the processors of containers, at once and without a restart; `undefined` takes the limit off. */
export async function limitCpu(ids: string[], cpus: number | undefined): Promise<void> {
  const CpuQuota = cpus === undefined ? -1 : Math.round(cpus * cpuPeriodUs);
  await Promise.all(ids.map((id) => container(id).update({ CpuPeriod: cpuPeriodUs, CpuQuota })));
}
