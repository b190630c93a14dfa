import type { Place } from '../../shared/place.ts';
import type { Scaling, Snapshot } from '../../shared/snapshot.ts';

/** More containers than that would starve each other on a small machine. */
const mostContainers = 9;

/** How the API is scaled: under compose it has as many replicas as there are. `undefined` while a cluster does not answer. */
export function scalingOf({ place, containers, scaling }: Snapshot & { place: Place }): Scaling | undefined {
  if (place.kind === 'kubernetes') return scaling;
  const wanted = containers.filter(({ service }) => service === 'api').length;
  return { wanted, most: mostContainers, autoscaled: false };
}
