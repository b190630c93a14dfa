import { container, remove, stop } from './engine-api.ts';
import { lastWords, untilReady } from './readiness.ts';
import { type Replica, replicasOf } from './replicas.ts';
import type { RollOptions } from './rolling.ts';
import { compose, type Topology } from './topology.ts';

/** A container of a service as a scaler sees it: `ready` says that it runs and is healthy. */
export type ScaledReplica = Replica & { ready: boolean; addresses: string[] };

/** The running containers of a service, oldest first, with the addresses that they have in the topology's networks. */
export async function scaledReplicasOf(topology: Topology, service: string): Promise<ScaledReplica[]> {
  const replicas = await replicasOf(topology, service);
  const looked = await Promise.all(
    replicas.map(async (replica): Promise<ScaledReplica[]> => {
      const { State, NetworkSettings } = await container(replica.id).inspect();
      if (State.Status !== 'running') return [];
      const ready = (State.Health?.Status ?? 'healthy') === 'healthy';
      const addresses = Object.values(NetworkSettings.Networks).map(({ IPAddress }) => IPAddress);
      return [{ ...replica, ready, addresses }];
    }),
  );
  return looked.flat();
}

/**
 * Starts further containers of a service until there are `count`, and waits until each is healthy and serves through
 * the edges.
 *
 * @throws when one does not become ready in time; the new ones that are not ready are removed.
 */
export async function scaleOut(
  topology: Topology,
  service: string,
  count: number,
  options: RollOptions,
): Promise<void> {
  const known = new Set((await replicasOf(topology, service)).map(({ id }) => id));
  const flags = ['--detach', '--no-deps', '--no-build', '--no-recreate'];
  await compose(topology, ['up', ...flags, '--scale', `${service}=${count}`, service]);
  const fresh = (await replicasOf(topology, service)).filter(({ id }) => !known.has(id));
  const outcomes = await Promise.allSettled(
    fresh.map((replica) => untilReady(topology, service, replica, options)),
  );
  const failed = fresh.flatMap((replica, index) => {
    const outcome = outcomes[index];
    return outcome?.status === 'rejected' ? [{ replica, reason: String(outcome.reason) }] : [];
  });
  // Ctrl-C ends the wait; the replica stays.
  if (failed.length === 0 || options.signal.aborted) return;
  const words = await Promise.all(
    failed.map(async ({ replica, reason }) => `${reason}\n${await lastWords(replica)}`),
  );
  await Promise.all(failed.map(({ replica }) => remove(replica.id)));
  throw new Error(words.join('\n'));
}

/**
 * Removes containers of a service until `count` are left: first those that are not ready, then the newest. Each drains:
 * SIGTERM, then as long as the service's `stop_grace_period` allows, so no request fails.
 */
export async function scaleIn(topology: Topology, service: string, count: number): Promise<void> {
  const replicas = await scaledReplicasOf(topology, service);
  const leaving = replicas.toSorted((a, b) => Number(b.ready) - Number(a.ready)).slice(count);
  await Promise.all(
    leaving.map(async ({ id }) => {
      await stop(id);
      await remove(id);
    }),
  );
}
