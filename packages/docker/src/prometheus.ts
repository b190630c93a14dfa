import { ActionableError } from '@shop/command/actionable-error.ts';
import { type Container, containersOf } from './containers.ts';
import { getInContainer } from './http-in-container.ts';
import type { Topology } from './topology.ts';

/** @throws ActionableError when Prometheus does not run. */
export async function prometheusOf(topology: Topology): Promise<Container> {
  const found = (await containersOf(topology)).find(({ service }) => service === 'prometheus');
  if (found?.state === 'running') return found;
  throw new ActionableError('Prometheus does not run.', '`npm start` starts it; then run the command again');
}

/**
 * What Prometheus' HTTP API answers, its `data` alone. Prometheus publishes no port, so its own container asks.
 *
 * @param path below `/api/v1`, such as `/rules?type=alert`.
 * @throws when Prometheus does not run, does not answer within some seconds, or refuses.
 */
export async function askPrometheus<Data>(topology: Topology, path: string): Promise<Data> {
  const { name } = await prometheusOf(topology);
  const printed = await getInContainer(
    name,
    9090,
    `/prometheus/api/v1${path}`,
    'Prometheus does not answer.',
  );
  const { status, data, error } = JSON.parse(printed);
  if (status !== 'success') throw new Error(`Prometheus refuses ${path}: ${error}`);
  return data;
}
