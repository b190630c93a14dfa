import type { Column, Figures } from './lab.ts';
import type { LoadResult } from './load.ts';

/** What most labs show of a load: how much was answered, how soon, and what was not. */
export const loadColumns = {
  perSecond: { title: 'rate', unit: '/s' },
  p50Ms: { title: 'p50', unit: 'ms', digits: 1 },
  p99Ms: { title: 'p99', unit: 'ms', digits: 1 },
  failed: { title: 'failed' },
} satisfies Record<string, Column>;

/** The figures of `loadColumns`. */
export function loadFigures({ perSecond, p50Ms, p99Ms, failed }: LoadResult): Figures {
  return { perSecond, p50Ms, p99Ms, failed };
}
