import type { Snapshot } from '../shared/snapshot.ts';
import { isWell } from '../shared/state.ts';

/** Sums over a topology; `requests` is what the edges answer in a second, `undefined` while nothing measures it. */
export type Totals = { well: number; all: number; cores: number; memoryBytes: number; requests?: number };

/** Jobs that have succeeded are not counted: they are not meant to run. */
export function totalsOf({ containers }: Snapshot): Totals {
  const meant = containers.filter(({ state }) => state !== 'done');
  const sum = (values: (number | undefined)[]) =>
    values.reduce<number>((total, value) => total + (value ?? 0), 0);
  const edges = containers.flatMap(({ service, rate }) =>
    /^edge-\d+$/.test(service) && rate ? [rate.perSecond] : [],
  );
  return {
    well: meant.filter(({ state }) => isWell(state)).length,
    all: meant.length,
    cores: sum(meant.map(({ cores }) => cores)),
    memoryBytes: sum(meant.map(({ memoryBytes }) => memoryBytes)),
    ...(edges.length > 0 && { requests: sum(edges) }),
  };
}
