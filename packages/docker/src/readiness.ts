import { command } from '@shop/command/command.ts';
import { execa } from 'execa';
import pWaitFor from 'p-wait-for';
import type { Replica } from './replicas.ts';
import { edgeOrigins, type Topology } from './topology.ts';

/** So often may a new container end and be started again before it counts as one that never becomes ready. */
const maxRestarts = 2;

/**
 * Waits until a new container is healthy and, if it is an API replica, until both edges send requests to it: an edge
 * looks names up once a second, and a replica that no edge asks is no replacement for one that is taken away.
 *
 * @throws when it crashes again and again, or is not there in time; the message says which.
 */
export async function untilReady(
  topology: Topology,
  service: string,
  replica: Replica,
  { readyTimeoutMs: timeoutMs, signal }: { readyTimeoutMs: number; signal: AbortSignal },
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  const within = (message: string) => ({
    interval: 250,
    signal,
    timeout: { milliseconds: Math.max(1, deadline - Date.now()), message },
  });
  await pWaitFor(
    () => isHealthy(replica),
    within(`${replica.name} is not healthy after ${timeoutMs / 1000} s`),
  );
  if (service !== 'api') return;
  for (const edge of edgeOrigins(topology)) {
    const message = `${replica.name} serves no request at ${edge} after ${timeoutMs / 1000} s`;
    await pWaitFor(() => servesThrough(edge, replica), within(message));
  }
}

/** @throws when it has crashed too often to wait any longer. */
async function isHealthy({ id, name }: Replica): Promise<boolean> {
  const format =
    '{{.State.Status}} {{.RestartCount}} {{if .State.Health}}{{.State.Health.Status}}{{else}}healthy{{end}}';
  const [state, restarts, health] = (await command('docker', ['inspect', '--format', format, id]))
    .trim()
    .split(' ');
  if (Number(restarts) > maxRestarts) throw new Error(`${name} ends again and again`);
  return state === 'running' && health === 'healthy';
}

/** Whether a replica is among those that answer now; asked often enough that each has its turn. */
async function servesThrough(edge: string, { id }: Replica): Promise<boolean> {
  const ask = async () => {
    const answer = await fetch(`${edge}/api/whoami`, { signal: AbortSignal.timeout(2_000) });
    return (await answer.json()).replica;
  };
  const replicas = await Promise.allSettled(Array.from({ length: 12 }, ask));
  return replicas.some((answer) => answer.status === 'fulfilled' && id.startsWith(answer.value));
}

/** What a container has said last, to find out why it does not serve: a stack and what is above it. */
export async function lastWords({ id }: Replica): Promise<string> {
  const { all } = await execa('docker', ['logs', '--tail', '25', id], { all: true, reject: false });
  return String(all);
}
