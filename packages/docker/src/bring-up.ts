import { ActionableError } from '@shop/command/actionable-error.ts';
import type { Report } from '@shop/command/steps.ts';
import pWaitFor from 'p-wait-for';
import { type Container, containersOf, isHalfReplaced, isSettled, progressOf } from './containers.ts';
import { remove } from './engine-api.ts';
import { lastLines } from './in-container.ts';
import { compose, edgeOrigins, type Topology } from './topology.ts';

/**
 * All databases together take a minute or two at their first start on two busy cores; after this time the start fails.
 */
const healthyTimeoutMs = 300_000;
const watchIntervalMs = 1000;

/**
 * Starts services, with what they depend on, and waits until they are healthy or, if they are jobs, done.
 *
 * @returns how many containers the topology has now.
 * @throws ActionableError with the last log lines of the containers that failed.
 */
export async function up(
  topology: Topology,
  services: string[],
  report: Report,
  signal?: AbortSignal,
): Promise<string> {
  // Dead containers of later waves may exist from an earlier run: this wave does not start them.
  const isOfThisWave = ({ service }: Container) => services.length === 0 || services.includes(service);
  const lookOnce = async () => {
    const containers = (await containersOf(topology)).filter(isOfThisWave);
    report(progressOf(containers));
    return containers.length > 0 && containers.every(isSettled);
  };
  // Never two checks at once: on a busy machine they would pile up and slow down the containers.
  let looking: Promise<boolean> | undefined;
  const look = () => {
    looking ??= lookOnce().finally(() => {
      looking = undefined;
    });
    return looking;
  };
  const watch = setInterval(() => void look().catch(() => {}), watchIntervalMs);
  try {
    const halfReplaced = (await containersOf(topology)).filter(isHalfReplaced);
    await Promise.all(halfReplaced.map(({ name }) => remove(name)));
    await compose(topology, ['up', '--detach', '--no-build', '--remove-orphans', ...services], {
      signal,
      log: `${topology.project}-up.log`,
    });
    // Not compose's own `--wait`, which reports a job that has ended well as a failure.
    const timeout = { milliseconds: healthyTimeoutMs };
    await pWaitFor(look, { interval: watchIntervalMs, timeout, signal });
    return `${(await containersOf(topology)).length} containers`;
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ActionableError(
      `Not every container became healthy.\n${await lastWords(topology)}`,
      `the log lines above say why (what compose did is in .state/${topology.project}-up.log); then run the command again, it goes on from here`,
      { cause: error },
    );
  } finally {
    clearInterval(watch);
  }
}

/** The last log lines of the containers that failed. */
async function lastWords(topology: Topology): Promise<string> {
  const failed = (await containersOf(topology)).filter((container) => !isSettled(container));
  const started = failed.filter(({ state }) => state !== 'created').slice(0, 3);
  const logs = started.map(async ({ name, status }) => `${name}: ${status}\n${await lastLines(name, 8)}`);
  return (await Promise.all(logs)).join('\n');
}

/** Waits until both edges forward requests to an API that is ready. */
export async function waitUntilShopAnswers(
  topology: Topology,
  report: Report,
  signal?: AbortSignal,
): Promise<string> {
  for (const origin of edgeOrigins(topology)) {
    report(`waiting for ${origin}/readyz`);
    const isReady = async () => (await fetch(`${origin}/readyz`, { signal: AbortSignal.timeout(2000) })).ok;
    const message = new ActionableError(
      `${origin}/readyz does not answer 200.`,
      `\`docker compose -p ${topology.project} logs edge-1 edge-2 api\` says why; then run the command again`,
    );
    const timeout = { milliseconds: 60_000, message };
    await pWaitFor(() => isReady().catch(() => false), { interval: 250, timeout, signal });
  }
  return 'the shop is ready';
}
