import { command } from '@shop/command/command.ts';
import type { Topology } from './topology.ts';

/** A container as `docker ps` tells of it. */
export interface Container {
  service: string;
  name: string;
  /** created, running, paused, restarting, exited, dead… */
  state: string;
  /** In words, with the health or the exit code: `Up 2 minutes (healthy)`, `Exited (0) 5 seconds ago`. */
  status: string;
}

/**
 * The containers of a topology, running or not. Asks the engine and not compose, which reads all its files each time:
 * that would cost as much CPU as the containers that are being waited for.
 */
export async function containersOf({ project }: Topology): Promise<Container[]> {
  const format = '{{.Label "com.docker.compose.service"}}\t{{.Names}}\t{{.State}}\t{{.Status}}';
  const filters = ['label=com.docker.compose.oneoff=False', `label=com.docker.compose.project=${project}`];
  const args = ['ps', '--all', '--format', format, ...filters.flatMap((filter) => ['--filter', filter])];
  const lines = (await command('docker', args)).split('\n').filter(Boolean);
  return lines.map((line) => {
    const [service = '', name = '', state = '', status = ''] = line.split('\t');
    return { service, name, state, status };
  });
}

/** Whether a container is where it should end up: healthy (or running, without a health check), or a job done well. */
export function isSettled({ state, status }: Container): boolean {
  if (state === 'running') return !/\((health: starting|unhealthy)\)/.test(status);
  return state === 'exited' && status.startsWith('Exited (0)');
}

/** A topology's progress in one line, for people who wait. */
export function progressOf(containers: Container[]): string {
  const waiting = new Set(
    containers.filter((container) => !isSettled(container)).map(({ service }) => service),
  );
  const settled = containers.filter(isSettled).length;
  const names = [...waiting].slice(0, 5).join(', ');
  return `${settled} of ${containers.length} containers ready${names && `, waiting for ${names}`}`;
}
