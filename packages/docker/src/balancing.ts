import { ActionableError } from '@shop/command/actionable-error.ts';
import { type BalancingMethod, balancingMethods } from './balancing-methods.ts';
import { containersOf } from './containers.ts';
import { execIn } from './in-container.ts';
import type { Topology } from './topology.ts';

/** The method of one edge: `name` is the edge's service, `container` the name of its container. */
export type EdgeBalancing = { name: string; container: string; method: string };

/** @throws ActionableError when there is no method of that name; the message lists all. */
export function balancingMethodNamed(name: string): BalancingMethod {
  if (Object.hasOwn(balancingMethods, name)) return name as BalancingMethod;
  const names = Object.keys(balancingMethods).join(', ');
  throw new ActionableError(`There is no balancing method "${name}".`, `name one of ${names}`);
}

/**
 * The method that each edge uses now, as its nginx says. @throws ActionableError when no edge runs, or one of them does
 * not answer.
 */
export async function balancingOf(topology: Topology): Promise<EdgeBalancing[]> {
  const edges = (await containersOf(topology)).filter(({ service }) => /^edge-\d+$/.test(service));
  const down = edges.filter(({ state }) => state !== 'running').map(({ service }) => service);
  if (edges.length === 0 || down.length > 0) {
    throw new ActionableError(
      `${down.join(' and ') || `No edge of "${topology.project}"`} does not run.`,
      '`npm start` starts it; then run the command again',
    );
  }
  return await Promise.all(
    edges
      .toSorted((a, b) => a.service.localeCompare(b.service))
      .map(async ({ service, name: container }) => ({
        name: service,
        container,
        method: await execIn(container, 'balance'),
      })),
  );
}

/**
 * Changes the method of the edges, one after the other, and returns when the nginx of each uses it. nginx is reloaded
 * and not restarted, so no request fails. An edge keeps the method when it is restarted or replaced, because it is
 * stored in the edge's volume.
 *
 * @throws ActionableError when an edge does not run or refuses; the edges before it use the new method already.
 */
export async function balance(
  topology: Topology,
  method: BalancingMethod,
  report: (edge: EdgeBalancing) => void = () => {},
): Promise<void> {
  for (const edge of await balancingOf(topology)) {
    if (edge.method !== method) await execIn(edge.container, 'balance', method);
    report(edge);
  }
}

/** Gives each edge back the method that `balancingOf` has read. @throws when an edge does not run or refuses. */
export async function restoreBalancing(edges: EdgeBalancing[]): Promise<void> {
  for (const { container, method } of edges) await execIn(container, 'balance', method);
}
