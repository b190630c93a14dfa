import type { Snapshot } from '../shared/snapshot.ts';
import { isOver, isWell } from '../shared/state.ts';

/** Sums over a shop; each but the first two is absent while nothing measures it. */
export type Totals = {
  well: number;
  all: number;
  cores?: number;
  memoryBytes?: number;
  /** What the edges answer in a second. */
  requests?: number;
};

/** Jobs that have succeeded and pods that drain are not counted: they are not meant to run on. */
export function totalsOf({ containers }: Snapshot): Totals {
  const meant = containers.filter(({ state }) => !isOver(state));
  const edges = containers.filter(({ service }) => /^edge-\d+$/.test(service));
  const cores = sum(meant.map(({ cores }) => cores));
  const memoryBytes = sum(meant.map(({ memoryBytes }) => memoryBytes));
  const requests = sum(edges.map(({ rate }) => rate?.perSecond));
  return {
    well: meant.filter(({ state }) => isWell(state)).length,
    all: meant.length,
    ...(cores !== undefined && { cores }),
    ...(memoryBytes !== undefined && { memoryBytes }),
    ...(requests !== undefined && { requests }),
  };
}

/** Of those that are known; `undefined` when none is. */
function sum(values: (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : known.reduce((total, value) => total + value, 0);
}
