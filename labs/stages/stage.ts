import { containersOf } from '@shop/docker/containers.ts';
import { removeVolume } from '@shop/docker/engine-api.ts';
import { discard } from '@shop/docker/take-down.ts';
import { compose, type Topology, volumesOf } from '@shop/docker/topology.ts';
import type { Bench } from '@shop/lab/bench.ts';
import { labTopology, stageOrigins } from '@shop/lab/topology.ts';

/** The stages of growth, in their order, with their services: each is the compose file of that name in this folder. */
export const stages = {
  '1-one-box': ['shop'],
  '2-database-apart': ['shop', 'db'],
  '3-stateless': ['shop', 'db', 'redis', 'files'],
  '4-balancer': ['balancer', 'shop', 'db', 'redis', 'files'],
  '5-scaled-out': ['balancer-1', 'balancer-2', 'shop', 'db', 'redis', 'files'],
  '6-specialised': [
    ...['cdn', 'balancer-1', 'balancer-2', 'shop', 'worker'],
    ...['db', 'db-replica', 'redis', 'cache', 'queue', 'files'],
  ],
};

export type Stage = keyof typeof stages;
export const allStages = Object.keys(stages) as Stage[];

/**
 * How long it takes until a balancer knows that a box is gone, or is back. nginx asks the DNS each second and counts in whole
 * seconds, so it may use an address for two seconds more.
 */
export const noticedMs = 4_000;

/** Stages have a project of their own, with networks beside those of the labs. */
export function stageTopology(stage: Stage): Topology {
  return { ...labTopology(), project: 'shop-lab-stages', files: [`labs/stages/${stage}.yml`] };
}

/**
 * Starts a stage from nothing in the place of the one that runs, and waits until its containers are healthy.
 *
 * @throws when the compose file has other services than `stages` names.
 */
export async function startStage(stage: Stage, report: Bench['report']): Promise<void> {
  const topology = stageTopology(stage);
  report(`starting the stage ${stage}`);
  await removeStages();
  await compose(topology, ['up', '--detach', '--no-build', '--wait'], { log: 'lab-stage.log' });
  const running = new Set((await containersOf(topology)).map(({ service }) => service));
  const [found, named] = [[...running].sort().join(', '), stages[stage].toSorted().join(', ')];
  if (found !== named) throw new Error(`${stage} has ${found}, and the list of stages names ${named}`);
}

/** Removes the stage that runs, with its data; changes nothing when none does. */
export async function removeStages(): Promise<void> {
  const topology = stageTopology('6-specialised');
  await discard(topology);
  // Compose removes the volumes of this stage alone, and the one box has another one.
  for (const volume of await volumesOf(topology)) await removeVolume(volume);
}

/** Where a stage lets shoppers in: a shopper whose first entrance does not answer tries the next one. */
export function entrancesOf(stage: Stage): string[] {
  const isDouble = stages[stage].includes('balancer-2');
  return isDouble ? stageOrigins.entrances : stageOrigins.entrances.slice(0, 1);
}

/** Where a stage shows pictures: at its CDN, if it has one. */
export function pictureOriginsOf(stage: Stage): string[] {
  return stages[stage].includes('cdn') ? [stageOrigins.cdn] : entrancesOf(stage);
}
