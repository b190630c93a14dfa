import { ActionableError } from '@shop/command/actionable-error.ts';
import type { Report } from '@shop/command/steps.ts';
import { execa } from 'execa';
import pWaitFor from 'p-wait-for';
import { type Container, containersOf, isSettled, progressOf } from './containers.ts';
import { compose, edgeOrigins, type Topology } from './topology.ts';

/** All databases together on two busy cores take a minute or two at their first start; this is the end of patience. */
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
  // Containers of later waves may be left from before, dead: this wave does not start them.
  const isOfThisWave = ({ service }: Container) => services.length === 0 || services.includes(service);
  const lookOnce = async () => {
    const containers = (await containersOf(topology)).filter(isOfThisWave);
    report(progressOf(containers));
    return containers.length > 0 && containers.every(isSettled);
  };
  // Never two looks at once: on a busy machine they would pile up and starve what they look at.
  let looking: Promise<boolean> | undefined;
  const look = () => {
    looking ??= lookOnce().finally(() => {
      looking = undefined;
    });
    return looking;
  };
  const watch = setInterval(() => void look().catch(() => {}), watchIntervalMs);
  try {
    await compose(topology, ['up', '--detach', '--no-build', '--remove-orphans', ...services], {
      signal,
      log: `${topology.project}-up.log`,
    });
    // Not compose's own `--wait`: it takes a job that has ended well for a failure.
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

/** What the containers that are not as they should be have said last. */
async function lastWords(topology: Topology): Promise<string> {
  const failed = (await containersOf(topology)).filter((container) => !isSettled(container));
  const started = failed.filter(({ state }) => state !== 'created').slice(0, 3);
  const logs = started.map(async ({ name, status }) => {
    const { all } = await execa('docker', ['logs', '--tail', '8', name], { all: true, reject: false });
    return `${name}: ${status}\n${all}`;
  });
  return (await Promise.all(logs)).join('\n');
}

/** Waits until both edges pass requests on to an API that is ready. */
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
