import { ActionableError, printFailure } from '@shop/command/actionable-error.ts';
import { versionOfNow } from '@shop/command/sources.ts';
import { type Report, runSteps, type Step } from '@shop/command/steps.ts';
import { waitUntilShopAnswers } from '@shop/docker/bring-up.ts';
import { buildImages } from '@shop/docker/images.ts';
import { topologyNamed } from '@shop/docker/named-topology.ts';
import { oneAtATime } from '@shop/docker/one-at-a-time.ts';
import { staleReplicasOf } from '@shop/docker/replicas.ts';
import { type RollOptions, replace, roll } from '@shop/docker/rolling.ts';
import { servicesOf } from '@shop/docker/services.ts';
import { compose, edgeOrigins, isRunning, shopTopology, type Topology } from '@shop/docker/topology.ts';
import { fingerprintOf, rememberFingerprint } from '@shop/docker/unchanged.ts';
import { Command } from 'commander';
import { SemVer } from 'semver';
import { releaseThatMustRun } from './migrations.ts';

/**
 * Services that can have one more container for a while. The order is that of the calls: a service comes before those
 * that call it.
 */
const rolled = ['api', 'worker', 'payments'];
const replaced = ['fencer', 'edge-1', 'edge-2'];

new Command('npm run deploy --')
  .description(
    'Replaces the version that runs by the version in this folder, one container at a time: no request fails.',
  )
  .option('--project <name>', 'the topology to deploy to', shopTopology().project)
  .option('--only <services>', 'which of them, comma-separated', [...rolled, ...replaced].join(','))
  .option('--ready-timeout <seconds>', 'how long a new container may take until it serves', '60')
  .action(({ project, only, readyTimeout }: { project: string; only: string; readyTimeout: string }) =>
    deploy(project, only.split(','), Number(readyTimeout) * 1000).catch(printFailure),
  )
  .parseAsync();

async function deploy(project: string, only: string[], readyTimeoutMs: number): Promise<void> {
  const topology = topologyNamed(project);
  const unknown = only.filter((service) => !rolled.includes(service) && !replaced.includes(service));
  if (unknown.length > 0)
    throw new ActionableError(
      `--only names what is not deployed by this command: ${unknown.join(', ')}.`,
      `name some of ${[...rolled, ...replaced].join(', ')}`,
    );
  // A new container that does not serve yet is removed before this process ends.
  const interrupt = new AbortController();
  const interrupted = new ActionableError('Interrupted', '`npm run deploy` goes on where this one stopped');
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => interrupt.abort(interrupted));
  const version = await versionOfNow();
  const steps = deploySteps(topology, version, only, { readyTimeoutMs, signal: interrupt.signal });
  // Not the lock of `npm test`, which deploys during its tests.
  await oneAtATime({ ...topology, project: `${topology.project}-deployment` }, () => runSteps(steps));
  const left = await staleAmong(topology, await otherServices(topology));
  if (left.length > 0)
    console.log(
      `Not deployed, since it restarts what holds data: ${left.join(', ')}. \`npm start\` does it.`,
    );
  console.log(`${version} serves.`);
}

function deploySteps(topology: Topology, version: string, only: string[], options: RollOptions): Step[] {
  const wanted = (service: string) => only.includes(service);
  const step = (service: string, how: typeof roll): Step => ({
    title: `Rolling ${service}`,
    run: (report) => how(topology, service, report, options),
  });
  return [
    { title: 'Checking the shop', run: () => check(topology) },
    { title: 'Building', run: (report) => buildImages(topology, report, options.signal, version) },
    { title: 'Migrating the databases', run: () => migrate(topology) },
    ...rolled.filter(wanted).map((service) => step(service, roll)),
    ...replaced.filter(wanted).map((service) => step(service, replace)),
    { title: 'Waiting for both edges', run: (report) => finish(topology, only, report) },
  ];
}

/** Only onto a healthy shop, and only if the running version can work without what the migrations remove. */
async function check(topology: Topology): Promise<string> {
  if (!(await isRunning(topology)))
    throw new ActionableError('The shop is not running.', 'run `npm start` first');
  const [edge] = edgeOrigins(topology);
  const running: { version: string } = await fetch(`${edge}/api/whoami`, {
    signal: AbortSignal.timeout(5_000),
  })
    .then((answer) => answer.json())
    .catch(() => {
      throw new ActionableError(
        `${edge} does not answer.`,
        'run `npm start`, which brings back what is missing',
      );
    });
  const needed = releaseThatMustRun();
  if (needed && new SemVer(running.version).compareMain(needed) < 0)
    throw new ActionableError(
      `${running.version} runs, and a migration takes away what releases before ${needed} use.`,
      `deploy ${needed} first, then this one`,
    );
  return `${running.version} runs`;
}

/** Expand steps, while the old version still serves; contract steps of what it no longer uses (docs/decisions/0018). */
async function migrate(topology: Topology): Promise<string> {
  const printed = await compose(topology, ['run', '--rm', '--no-deps', '--no-TTY', 'migrate'], {
    log: 'deploy-migrate.log',
    hint: 'the old version goes on serving; fix the migration and run `npm run deploy` again',
  });
  return printed.trim().split('\n').at(-1) ?? '';
}

async function finish(topology: Topology, only: string[], report: Report): Promise<string> {
  const outcome = await waitUntilShopAnswers(topology, report);
  // So that `npm start` finds nothing to do, unless `--only` left something out.
  const all = [...rolled, ...replaced].every((service) => only.includes(service));
  if (all) await rememberFingerprint(topology, await fingerprintOf(topology));
  return outcome;
}

/** Services that run all the time and are not deployed by this command: the stores and the proxies in front of them. */
async function otherServices(topology: Topology): Promise<string[]> {
  const services = Object.entries(await servicesOf(topology));
  const runsAlways = services.filter(([, { restart }]) => restart !== 'no').map(([name]) => name);
  return runsAlways.filter((name) => !rolled.includes(name) && !replaced.includes(name));
}

async function staleAmong(topology: Topology, services: string[]): Promise<string[]> {
  const stale: string[] = [];
  for (const service of services)
    if ((await staleReplicasOf(topology, service)).length > 0) stale.push(service);
  return stale;
}
