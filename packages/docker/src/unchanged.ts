import { readFile, writeFile } from 'node:fs/promises';
import { stateDir } from '@shop/command/folders.ts';
import { containersOf, isSettled } from './containers.ts';
import { imageNamed } from './engine-api.ts';
import { hashOfFiles } from './hash-of-files.ts';
import { servicesOf } from './services.ts';
import type { Topology } from './topology.ts';

/** The inputs of images and containers: sources, manifests, and the files of the build contexts. */
const inputs = ['{apps,catalog,docs/errors,infra,packages}/**', '{package,tsconfig}.json', 'pnpm-*.yaml'];

/**
 * A hash of every file that goes into an image and of the composed configuration: the same hash means the same
 * topology.
 */
export async function fingerprintOf(topology: Topology): Promise<string> {
  return await hashOfFiles(inputs, JSON.stringify(await servicesOf(topology)));
}

const fingerprintFile = ({ project }: Topology) => `${stateDir}${project}.fingerprint`;

/** Call it when a start has succeeded: the next start need not build or start what has not changed since. */
export async function rememberFingerprint(topology: Topology, fingerprint: string): Promise<void> {
  await writeFile(fingerprintFile(topology), `${fingerprint}\n${await imageIdsOf(topology)}`);
}

/** Whether nothing has changed since the last successful start, and its images were neither built again nor removed. */
export async function imagesAreCurrent(topology: Topology, fingerprint: string): Promise<boolean> {
  const last = await readFile(fingerprintFile(topology), 'utf8').catch(() => '');
  return last === `${fingerprint}\n${await imageIdsOf(topology)}`;
}

/** Another clone builds images of the same names: only their ids tell them apart. */
async function imageIdsOf(topology: Topology): Promise<string> {
  const names = new Set(Object.values(await servicesOf(topology)).map(({ image }) => image));
  const images = await Promise.all([...names].sort().map(imageNamed));
  return images.flatMap((image) => image?.Id ?? []).join('\n');
}

/** Whether every container of every service exists and is well. */
export async function containersAreComplete(topology: Topology): Promise<boolean> {
  const containers = await containersOf(topology);
  const services = Object.entries(await servicesOf(topology));
  const counts = services.map(([name, { scale = 1 }]) => ({
    wanted: scale,
    settled: containers.filter((container) => container.service === name && isSettled(container)).length,
  }));
  return counts.every(({ wanted, settled }) => settled >= wanted);
}
