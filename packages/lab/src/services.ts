import { containersOf, isSettled } from '@shop/docker/containers.ts';
import { listContainers, start, stop } from '@shop/docker/engine-api.ts';
import { execIn } from '@shop/docker/in-container.ts';
import pWaitFor from 'p-wait-for';
import { labTopology } from './topology.ts';

const startTimeoutMs = 120_000;

/** Stops the containers of a service, each within its grace period. They stay, and `startService` starts them again. */
export async function stopService(name: string): Promise<void> {
  await Promise.all((await idsOf(name)).map(stop));
}

/** Starts the containers of a service that were stopped, and waits until they are healthy. */
export async function startService(name: string): Promise<void> {
  await Promise.all((await idsOf(name)).map(start));
  const areSettled = async () => {
    const containers = (await containersOf(labTopology())).filter(({ service }) => service === name);
    return containers.length > 0 && containers.every((one) => one.state === 'running' && isSettled(one));
  };
  const message = `${name} did not become healthy`;
  await pWaitFor(areSettled, { interval: 250, timeout: { milliseconds: startTimeoutMs, message } });
}

/** The container ids of a service, running or not. */
export async function idsOf(name: string): Promise<string[]> {
  return (await listContainers(labTopology().project, name)).map(({ id }) => id);
}

/** Runs a program in the container of a service that has one. @returns its output. */
export async function execInService(name: string, ...command: string[]): Promise<string> {
  const [first] = await idsOf(name);
  if (!first) throw new Error(`the lab has no container of ${name}`);
  return await execIn(first, ...command);
}
