import type { Report } from '@shop/command/steps.ts';
import { execa } from 'execa';
import { containersOf } from './containers.ts';
import { compose, type Topology } from './topology.ts';

/** Containers that stop together, and how long they may take until they are killed. */
type Wave = { title: string; services: RegExp; graceSeconds: number };

/**
 * Nothing waits for what is gone already: Postgres' nodes give up their leadership while etcd is still there, and the
 * stores have no clients any more when they stop. What holds data stops cleanly; the rest holds none, and what it had
 * in progress is begun again by the next start.
 */
export const waves: Wave[] = [
  { title: 'what serves and works', services: /^(?!db|redis|minio|mail|prometheus|etcd)/, graceSeconds: 4 },
  { title: 'what holds data', services: /^(db|redis|minio|mail|prometheus)/, graceSeconds: 30 },
  // A leader that is told to stop looks for a successor among members that stop, too, and gives up after 7 s. Its log is
  // on disk after every write, so it loses nothing.
  { title: 'what the databases agree by', services: /^etcd/, graceSeconds: 3 },
];

const down = ['--profile', 'test', 'down', '--remove-orphans'];

/** Stops the containers of a topology and removes them; data and images stay. */
export async function takeDown(topology: Topology, report: Report): Promise<void> {
  for (const { title, services, graceSeconds } of waves) {
    const running = (await runningContainers(topology)).filter(({ service }) => services.test(service));
    if (running.length === 0) continue;
    report(`${title}: ${running.length} containers`);
    const names = running.map(({ name }) => name);
    // What does not stop this way, compose stops below.
    await execa('docker', ['stop', '-t', String(graceSeconds), ...names], { reject: false });
  }
  report('removing containers and networks');
  await compose(topology, down, { log: `${topology.project}-down.log` });
}

/** Removes the containers of a topology and their data; images stay. Nothing is stopped cleanly, since nothing is kept. */
export async function discard(topology: Topology): Promise<void> {
  const names = (await runningContainers(topology)).map(({ name }) => name);
  if (names.length > 0) await execa('docker', ['kill', ...names], { reject: false });
  await compose(topology, [...down, '--volumes', '--timeout', '5'], { log: `${topology.project}-down.log` });
}

async function runningContainers(topology: Topology) {
  return (await containersOf(topology)).filter(({ state }) => state === 'running' || state === 'paused');
}
