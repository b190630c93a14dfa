import { compose, type Topology } from '@shop/docker/topology.ts';

/**
 * Runs a program of the test image inside the topology's networks, where `EDGE_1` is the first edge. @returns what it
 * printed.
 */
export async function inNetwork(topology: Topology, job: string[]): Promise<string> {
  const run = ['run', '--rm', '--no-deps', '--no-TTY', '--env', 'EDGE_1=http://edge-1:8080', 'integration'];
  return await compose(topology, ['--profile', 'test', ...run, ...job]);
}

/**
 * Calls of a URL, GET unless `options` say another, over connections that each wait for the answer.
 *
 * @param options more options of the program autocannon.
 * @returns the number of answers, and the mean a second.
 * @throws when a call is refused or not answered.
 */
export async function autocannon(
  topology: Topology,
  url: string,
  { connections, seconds, options = [] }: { connections: number; seconds: number; options?: string[] },
): Promise<{ total: number; average: number }> {
  const load = ['--json', '--connections', String(connections), '--duration', String(seconds)];
  const job = ['node_modules/.bin/autocannon', ...load, ...options, url];
  const { requests, non2xx, errors } = JSON.parse(await inNetwork(topology, job));
  if (non2xx > 0 || errors > 0) throw new Error(`${url}: ${non2xx} refusals, ${errors} errors`);
  return requests;
}
