import type { Action } from './actions.ts';
import type { ExperimentNews } from './experiments.ts';
import type { ServiceLevel } from './service-level.ts';
import type { ShoppersNews } from './shoppers.ts';
import type { State } from './state.ts';

/** What the page receives each second. */
export type News = Snapshot & {
  /** What was done from a page, the newest first. */
  actions: readonly Action[];
  shoppers: ShoppersNews;
  /** Absent until the first one is started. */
  experiment?: ExperimentNews;
};

/** What the server sees of a topology at one moment. */
export interface Snapshot {
  /** When the engine listed the containers: milliseconds since the epoch. */
  at: number;
  /** Compose's project name. */
  project: string;
  /** In the order of their names. */
  containers: Seen[];
  /** How each edge chooses an API replica; absent while an edge does not answer. */
  balancing?: string[];
  /** `unknown` when Prometheus could not be asked; absent before its first answer. */
  serviceLevel?: ServiceLevel | 'unknown';
  /** What could not be asked, in a sentence for a person; absent when everything answered. */
  trouble?: string;
}

/** One container. A figure is absent while nothing measures it. */
export interface Seen {
  id: string;
  /** The engine's name without the project: `api-1`, and `db-1` where a service has one container. */
  name: string;
  service: string;
  state: State;
  /** What the engine says of it: `Up 2 minutes (healthy)`, `Exited (137) 5 seconds ago`. */
  status: string;
  role?: Role;
  /** Processor time over the last second: 0.5 is half a core. */
  cores?: number;
  /** Without the page cache that the kernel may free. */
  memoryBytes?: number;
  rate?: Rate;
}

export type Role = 'primary' | 'replica' | 'leader' | 'follower';

/** How much a container answers. Prometheus measures every 15 or 30 seconds, so it is up to that old. */
export interface Rate {
  perSecond: number;
  unit: 'requests' | 'queries' | 'commits' | 'commands' | 'connections' | 'jobs';
}
