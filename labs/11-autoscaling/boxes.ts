import { setTimeout as sleep } from 'node:timers/promises';
import { isSettled } from '@shop/docker/containers.ts';
import { container, type Listed, listContainers } from '@shop/docker/engine-api.ts';
import { outputSince } from '@shop/docker/in-container.ts';
import { limitCpu } from '@shop/lab/boxes.ts';
import { labTopology } from '@shop/lab/topology.ts';
import { listeningAt } from './cold-start.ts';

/** A box of a run. Times in milliseconds since the epoch: the engine's, the log's, and when the box was seen to be gone. */
export type Box = { id: string; startedAt: number; listeningAt?: number; goneAt?: number; limited?: boolean };

const pollMs = 200;
/** A box that compiles its code on a fifth of a processor is not warm within the time of a lab. */
const warmUpMs = 6_000;

/**
 * Follows the boxes as they come and go, and gives each new one its share of a processor when it has listened for a while:
 * until then it has the whole machine, like the boxes with which a run begins.
 *
 * @param boxes receives each box that it sees, and what it sees of it. @param signal ends it.
 */
export async function followBoxes(boxes: Box[], cpus: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const listed = await listContainers(labTopology().project, 'api');
    const running = listed.filter(({ state }) => state === 'running');
    for (const one of running) await look(one, boxes, cpus);
    for (const box of boxes) if (!running.some(({ id }) => id === box.id)) box.goneAt ??= Date.now();
    await sleep(pollMs, undefined, { signal }).catch(() => {});
  }
}

async function look(listed: Listed, boxes: Box[], cpus: number): Promise<void> {
  const { id } = listed;
  let box = boxes.find((one) => one.id === id);
  if (!box) {
    box = { id, startedAt: Date.parse((await container(id).inspect()).State.StartedAt) };
    boxes.push(box);
  }
  if (box.limited || !isSettled(listed)) return;
  box.listeningAt ??= listeningAt(await outputSince(id, 0));
  if (box.listeningAt === undefined || Date.now() < box.listeningAt + warmUpMs) return;
  await limitCpu([id], cpus);
  box.limited = true;
}

/** Seconds for which boxes ran between two moments, all boxes added up: what a cloud would send a bill for. */
export function paidSeconds(
  boxes: Pick<Box, 'startedAt' | 'goneAt'>[],
  { from, to }: { from: number; to: number },
): number {
  const ran = boxes.map(({ startedAt, goneAt = to }) => Math.min(to, goneAt) - Math.max(from, startedAt));
  return ran.reduce((sum, ms) => sum + Math.max(0, ms), 0) / 1000;
}
