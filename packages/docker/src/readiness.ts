import pWaitFor from 'p-wait-for';
import { container } from './engine-api.ts';
import { getInContainer } from './http-in-container.ts';
import { lastLines } from './in-container.ts';
import type { Replica } from './replicas.ts';
import { edgeOrigins, type Topology } from './topology.ts';

/** How often a new container may crash and restart before it counts as one that never becomes ready. */
const maxRestarts = 2;

/**
 * The programs that say at `/readyz` whether they reach their stores. The health check asks `/livez` instead, so that a
 * store that is down does not make its clients unhealthy; a program with a wrong password is therefore healthy.
 */
const servicesWithReadyz = ['api', 'worker', 'payments'];

/**
 * Waits until a new container is healthy and reaches its stores and, if it is an API replica, until both edges (or the
 * topology's own entrances) send requests to it: an edge resolves names once a second, and a replica that no edge uses
 * cannot replace another one.
 *
 * @throws when it crashes repeatedly, or is not ready in time; the message says which.
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
    async () => (await isHealthy(replica)) && (await reachesItsStores(service, replica)),
    within(`${replica.name} is not ready after ${timeoutMs / 1000} s`),
  );
  if (service !== 'api') return;
  for (const entrance of topology.entrances ?? edgeOrigins(topology)) {
    const message = `${replica.name} serves no request at ${entrance} after ${timeoutMs / 1000} s`;
    await pWaitFor(() => servesThrough(entrance, replica), within(message));
  }
}

/** @throws when it has crashed too often. */
async function isHealthy({ id, name }: Replica): Promise<boolean> {
  const { State, RestartCount } = await container(id).inspect();
  if (RestartCount > maxRestarts) throw new Error(`${name} ends again and again`);
  return State.Status === 'running' && (State.Health?.Status ?? 'healthy') === 'healthy';
}

async function reachesItsStores(service: string, { id, name }: Replica): Promise<boolean> {
  if (!servicesWithReadyz.includes(service)) return true;
  const answer = getInContainer(id, 3000, '/readyz', `${name} does not answer`);
  // The container may end meanwhile: the next look at it sees that.
  return await answer.then((body) => JSON.parse(body).status === 'ok').catch(() => false);
}

/** Whether a replica is among those that answer now; it asks so often that each one answers. */
async function servesThrough(entrance: string, { id }: Replica): Promise<boolean> {
  const ask = async () => {
    const answer = await fetch(`${entrance}/api/whoami`, { signal: AbortSignal.timeout(2_000) });
    return (await answer.json()).replica;
  };
  const replicas = await Promise.allSettled(Array.from({ length: 12 }, ask));
  return replicas.some((answer) => answer.status === 'fulfilled' && id.startsWith(answer.value));
}

/** The last log lines of a container, which say why it does not serve: a stack trace and the lines before it. */
export async function lastWords({ id }: Replica): Promise<string> {
  return await lastLines(id, 25);
}
