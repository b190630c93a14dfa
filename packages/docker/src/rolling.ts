import { ActionableError } from '@shop/command/actionable-error.ts';
import type { Report } from '@shop/command/steps.ts';
import { container, remove, stop } from './engine-api.ts';
import { lastWords, untilReady } from './readiness.ts';
import { type Replica, replicasOf, staleReplicasOf } from './replicas.ts';
import { compose, type Topology } from './topology.ts';

export type RollOptions = { readyTimeoutMs: number; signal: AbortSignal };

/**
 * Replaces the stale containers of a service one at a time: starts a new one, waits until it serves, drains an old one,
 * removes it. There is never one less than before, so no request fails.
 *
 * @throws ActionableError when a new one does not become ready; it is removed, and the old ones continue to serve.
 */
export async function roll(
  topology: Topology,
  service: string,
  report: Report,
  options: RollOptions,
): Promise<string> {
  const stale = await staleReplicasOf(topology, service);
  for (const [index, old] of stale.entries()) {
    const before = await replicasOf(topology, service);
    try {
      options.signal.throwIfAborted();
      report(`${index + 1} of ${stale.length}: starting a new one`);
      const fresh = await startBeside(topology, service, before);
      await untilReady(topology, service, fresh, options);
    } catch (error) {
      const words = await removeNewcomers(topology, service, before);
      throw stopped(error, words, `${stale.length - index} of the old ones of ${service} go on serving`);
    }
    report(`${index + 1} of ${stale.length}: draining ${old.name}`);
    // SIGTERM, and then as long as the service's `stop_grace_period` allows.
    await stop(old.id);
    await container(old.id).remove();
  }
  return stale.length === 0 ? 'unchanged' : `${stale.length} replaced`;
}

/**
 * Replaces the only container of a service that cannot run twice, because it owns a published port or must act alone.
 * The old one is drained, then the new one is started. Meanwhile the other edge serves; nothing depends on the fencer.
 */
export async function replace(
  topology: Topology,
  service: string,
  report: Report,
  options: RollOptions,
): Promise<string> {
  if ((await staleReplicasOf(topology, service)).length === 0) return 'unchanged';
  report(`draining the old one, starting the new one`);
  await compose(topology, ['up', '--detach', '--no-deps', '--no-build', service]);
  const [fresh] = await replicasOf(topology, service);
  try {
    await untilReady(topology, service, fresh!, options);
  } catch (error) {
    throw stopped(error, await lastWords(fresh!), `${service} is down, what else there is goes on`);
  }
  return 'replaced';
}

async function startBeside(topology: Topology, service: string, before: Replica[]): Promise<Replica> {
  const options = ['--detach', '--no-deps', '--no-build', '--no-recreate'];
  await compose(topology, ['up', ...options, '--scale', `${service}=${before.length + 1}`, service]);
  const [fresh] = await newcomersTo(topology, service, before);
  if (!fresh) throw new Error(`compose started no further container of ${service}`);
  return fresh;
}

/** Removes a new container that is not ready. @returns its last log lines. */
async function removeNewcomers(topology: Topology, service: string, before: Replica[]): Promise<string> {
  const words: string[] = [];
  for (const newcomer of await newcomersTo(topology, service, before)) {
    words.push(await lastWords(newcomer));
    await remove(newcomer.id);
  }
  return words.join('\n');
}

async function newcomersTo(topology: Topology, service: string, before: Replica[]): Promise<Replica[]> {
  const known = new Set(before.map(({ id }) => id));
  return (await replicasOf(topology, service)).filter(({ id }) => !known.has(id));
}

/** Old and new containers serve side by side, which every release has to support: there is no hurry to go back. */
function stopped(error: unknown, words: string, whatServes: string): ActionableError {
  const reason = error instanceof Error ? error.message : String(error);
  return new ActionableError(
    `${reason}.\n${words}\n\nThe deployment has stopped; ${whatServes}.`,
    'fix what the lines above complain about and run `npm run deploy` again: it goes on from here. To go back instead, check out the commit before and run it there',
    { cause: error },
  );
}
