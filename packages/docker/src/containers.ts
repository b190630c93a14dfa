import { engine, ofCompose } from './engine-api.ts';
import type { Topology } from './topology.ts';

/** A container as the engine lists it. */
export interface Container {
  service: string;
  name: string;
  /** created, running, paused, restarting, exited, dead… */
  state: string;
  /** For a person, with the health or the exit code: `Up 2 minutes (healthy)`, `Exited (0) 5 seconds ago`. */
  status: string;
}

/**
 * The containers of a topology, running or not. It asks the engine and not compose, which reads all its files each
 * time: that would cost as much processor time as the containers that are starting.
 */
export async function containersOf({ project }: Pick<Topology, 'project'>): Promise<Container[]> {
  const label = ofCompose({ project, oneoff: 'False' });
  const containers = await engine().listContainers({ all: true, filters: { label } });
  return containers.map(({ Labels, Names, State, Status }) => ({
    service: Labels['com.docker.compose.service'] ?? '',
    name: Names[0]?.slice(1) ?? '',
    state: State,
    status: Status,
  }));
}

/**
 * Whether a container has reached its final state: healthy (or running, without a health check), or a job that
 * succeeded.
 */
export function isSettled({ state, status }: Container): boolean {
  if (state === 'running') return !/\((health: starting|unhealthy)\)/.test(status);
  return state === 'exited' && status.startsWith('Exited (0)');
}

/**
 * Whether compose was interrupted while it replaced a container: until the old one is removed, the new one's name begins
 * with the old one's id. The next `up` would fail, because it wants to use that name again.
 */
export function isHalfReplaced({ name }: Container): boolean {
  return /^[0-9a-f]{12}_/.test(name);
}

/** A topology's progress in one line. */
export function progressOf(containers: Container[]): string {
  const waiting = new Set(
    containers.filter((container) => !isSettled(container)).map(({ service }) => service),
  );
  const settled = containers.filter(isSettled).length;
  const names = [...waiting].slice(0, 5).join(', ');
  return `${settled} of ${containers.length} containers ready${names && `, waiting for ${names}`}`;
}
