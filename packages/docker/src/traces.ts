import type { TracedRequest, TracedSpan } from '@shop/contracts/traces.ts';
import { containersOf } from './containers.ts';
import { getInContainer } from './http-in-container.ts';
import type { Topology } from './topology.ts';

/** The spans of a request's trace, in the order in which they began; none if it was not traced or is minutes old. */
export async function spansOfRequest(
  topology: Pick<Topology, 'project'>,
  requestId: string,
): Promise<TracedSpan[]> {
  return await ask<TracedSpan[]>(topology, `/requests/${encodeURIComponent(requestId)}`);
}

/** The slowest traced requests of the last minute, the slowest first. */
export async function slowestRequests(topology: Pick<Topology, 'project'>): Promise<TracedRequest[]> {
  return await ask<TracedRequest[]>(topology, '/requests');
}

/** @throws when the store of traces does not run, does not answer or refuses. */
async function ask<Answer>(topology: Pick<Topology, 'project'>, path: string): Promise<Answer> {
  const store = (await containersOf(topology)).find(({ service }) => service === 'traces');
  if (store?.state !== 'running') throw new Error('The store of traces does not run.');
  const body = JSON.parse(
    await getInContainer(store.name, 3000, path, 'The store of traces does not answer.'),
  );
  if (!Array.isArray(body)) throw new Error(`The store of traces refuses ${path}: ${body.message}`);
  return body as Answer;
}
