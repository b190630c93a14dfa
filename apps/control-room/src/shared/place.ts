import type { ActionOnContainer } from './actions.ts';

/** What a page has besides the map, the table and the timeline. */
export type Part =
  | 'shoppers'
  | 'rates'
  | 'serviceLevel'
  | 'oneOfEach'
  | 'balancing'
  | 'charts'
  | 'statements'
  | 'traces'
  | 'experiments';

/** Where the shop runs that a page shows, and what there is to see and to do. It stays the same. */
export interface Place {
  kind: 'compose' | 'kubernetes';
  /** Compose's project or the cluster's namespace. */
  name: string;
  /** What can be done to a container or a pod. */
  actions: readonly ActionOnContainer[];
  /** The parts that are not here, each with the reason in a sentence for a person. */
  absent: Partial<Record<Part, string>>;
}
