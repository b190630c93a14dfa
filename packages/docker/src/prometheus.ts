import { ActionableError } from '@shop/command/actionable-error.ts';
import pTimeout from 'p-timeout';
import { type Container, containersOf } from './containers.ts';
import { execIn } from './in-container.ts';
import type { Topology } from './topology.ts';

/** @throws ActionableError when Prometheus does not run. */
export async function prometheusOf(topology: Topology): Promise<Container> {
  const found = (await containersOf(topology)).find(({ service }) => service === 'prometheus');
  if (found?.state === 'running') return found;
  throw new ActionableError('Prometheus does not run.', '`npm start` starts it; then run the command again');
}

/** Prints the body of what Prometheus answers to a GET of `$1`; its image has no HTTP client. */
const get = String.raw`exec 3<>/dev/tcp/127.0.0.1/9090
printf 'GET /prometheus/api/v1%s HTTP/1.0\r\n\r\n' "$1" >&3
sed '1,/^\r$/d' <&3`;

/**
 * What Prometheus' HTTP API answers, its `data` alone. Prometheus publishes no port, so its own container asks.
 *
 * @param path below `/api/v1`, such as `/rules?type=alert`.
 * @throws when Prometheus does not run, does not answer within some seconds, or refuses.
 */
export async function askPrometheus<Data>(topology: Topology, path: string): Promise<Data> {
  const { name } = await prometheusOf(topology);
  const printed = await pTimeout(execIn(name, 'timeout', '5', 'bash', '-c', get, 'get', path), {
    // In a container that is frozen meanwhile, `timeout` is frozen, too.
    milliseconds: 8_000,
    message: 'Prometheus does not answer.',
  });
  const { status, data, error } = JSON.parse(printed);
  if (status !== 'success') throw new Error(`Prometheus refuses ${path}: ${error}`);
  return data;
}
