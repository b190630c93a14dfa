import type { Report, Step } from '@shop/command/steps.ts';
import { containersOf, isSettled, progressOf } from '@shop/docker/containers.ts';
import { buildImages, ensureBases } from '@shop/docker/images.ts';
import { machineSteps } from '@shop/docker/machine-steps.ts';
import { discard } from '@shop/docker/take-down.ts';
import { compose } from '@shop/docker/topology.ts';
import pWaitFor from 'p-wait-for';
import { type Extra, jobs, labEnvironment, labTopology, scales, servicesOf, stores } from './topology.ts';

const healthyTimeoutMs = 300_000;

/** What brings the images up to date: seconds when they exist, minutes on a new machine. */
export function imageSteps(signal: AbortSignal): Step[] {
  const topology = labTopology();
  return [
    ...machineSteps(topology),
    // Object storage is the one that compiles for minutes, and no lab needs it.
    { title: 'Base images', run: (report) => ensureBases(report, () => {}) },
    { title: 'Building our images', run: (report) => buildImages(topology, report, signal) },
  ];
}

/** Starts the stores with the shop's data in them; a second time it finds them running. */
export async function startStores(report: Report): Promise<string> {
  const running = await runningServices();
  const missing = stores.filter((name) => !running.has(name));
  if (missing.length === 0) return 'already running';
  await up(['secrets'], report);
  await up(stores, report);
  for (const job of jobs) {
    report(job);
    await compose(labTopology(), ['run', '--rm', '--no-deps', job], options('lab-jobs.log'));
  }
  return `${stores.length} containers`;
}

/** Starts what a lab has beside stores and boxes, and stops what only another lab needed. */
export async function startServices(extras: Extra[], report: Report): Promise<void> {
  const wanted = servicesOf(extras);
  const running = await runningServices();
  const superfluous = [...running].filter(
    (name) => !stores.includes(name) && !wanted.includes(name) && name !== 'api',
  );
  if (superfluous.length > 0) await compose(labTopology(), ['stop', ...superfluous], options('lab-stop.log'));
  await up(wanted, report);
}

/** Removes the containers of the labs and their data. */
export async function removeLab(): Promise<string> {
  await discard(labTopology());
  return 'done';
}

async function up(services: string[], report: Report): Promise<void> {
  const scaling = services.flatMap((name) => (scales[name] ? ['--scale', `${name}=${scales[name]}`] : []));
  const args = ['up', '--detach', '--no-deps', '--no-build', ...scaling, ...services];
  await compose(labTopology(), args, options('lab-up.log'));
  const areSettled = async () => {
    const containers = (await containersOf(labTopology())).filter(({ service }) =>
      services.includes(service),
    );
    report(progressOf(containers));
    return containers.every(isSettled);
  };
  await pWaitFor(areSettled, { interval: 250, timeout: { milliseconds: healthyTimeoutMs } });
}

async function runningServices(): Promise<Set<string>> {
  const containers = await containersOf(labTopology());
  return new Set(containers.filter(({ state }) => state === 'running').map(({ service }) => service));
}

const options = (log: string) => ({ environment: labEnvironment(), log });
