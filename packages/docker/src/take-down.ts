import type { Report } from '@shop/command/steps.ts';
import { containersOf } from './containers.ts';
import { container } from './engine-api.ts';
import { compose, type Topology } from './topology.ts';

/** Containers that stop together, and after how long they are killed. */
type Wave = { title: string; services: RegExp; graceSeconds: number };

/**
 * An order in which no container waits for one that is gone: Postgres' nodes give up their leadership while etcd still
 * runs, and the stores have no clients any more when they stop. Containers with data stop cleanly; the others have
 * none, and the next start begins their unfinished work again.
 */
export const waves: Wave[] = [
  { title: 'what serves and works', services: /^(?!db|redis|minio|mail|prometheus|etcd)/, graceSeconds: 4 },
  { title: 'what holds data', services: /^(db|redis|minio|mail|prometheus)/, graceSeconds: 30 },
  // A leader that is told to stop looks for a successor among members that also stop, and gives up after 7 s. Its log
  // is on disk after every write, so it loses nothing.
  { title: 'what the databases agree by', services: /^etcd/, graceSeconds: 3 },
];

const down = ['--profile', 'test', 'down', '--remove-orphans'];

/** Stops the containers of a topology and removes them; data and images stay. */
export async function takeDown(topology: Topology, report: Report): Promise<void> {
  for (const { title, services, graceSeconds } of waves) {
    const running = (await runningContainers(topology)).filter(({ service }) => services.test(service));
    if (running.length === 0) continue;
    report(`${title}: ${running.length} containers`);
    // Compose stops the containers that did not stop here.
    await Promise.allSettled(running.map(({ name }) => container(name).stop({ t: graceSeconds })));
  }
  report('removing containers and networks');
  await compose(topology, down, { log: `${topology.project}-down.log` });
}

/**
 * Removes the containers of a topology and their data; images stay. Nothing is stopped cleanly, because no data is
 * kept.
 */
export async function discard(topology: Topology): Promise<void> {
  const running = await runningContainers(topology);
  await Promise.allSettled(running.map(({ name }) => container(name).kill()));
  await compose(topology, [...down, '--volumes', '--timeout', '5'], { log: `${topology.project}-down.log` });
}

async function runningContainers(topology: Topology) {
  return (await containersOf(topology)).filter(({ state }) => state === 'running' || state === 'paused');
}
