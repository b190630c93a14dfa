import type { Action } from './actions.ts';
import type { ExperimentNews } from './experiments.ts';
import type { Place } from './place.ts';
import type { ServiceLevel } from './service-level.ts';
import type { ShoppersNews } from './shoppers.ts';
import type { State } from './state.ts';

/** What the page receives each second. */
export type News = Snapshot & {
  place: Place;
  /** What was done from a page, the newest first. */
  actions: readonly Action[];
  shoppers: ShoppersNews;
  /** Absent until the first one is started. */
  experiment?: ExperimentNews;
};

/** What the server sees of a topology at one moment. */
export interface Snapshot {
  /** When the containers or pods were listed: milliseconds since the epoch. */
  at: number;
  /** In the order of their names. */
  containers: Seen[];
  /** How each edge chooses an API replica; absent while an edge does not answer. */
  balancing?: string[];
  /** On Kubernetes, and absent while the cluster does not answer. */
  scaling?: Scaling;
  /** `unknown` when Prometheus could not be asked; absent before its first answer. */
  serviceLevel?: ServiceLevel | 'unknown';
  /** What could not be asked, in a sentence for a person; absent when everything answered. */
  trouble?: string;
}

/** How many API replicas Kubernetes keeps. */
export interface Scaling {
  /** The number that a person may change. With an autoscaler, it is the fewest, and the load decides how many more. */
  wanted: number;
  most: number;
  autoscaled: boolean;
}

/** One container, or one pod. A figure is absent while nothing measures it. */
export interface Seen {
  /** The engine's id of a container, the name of a pod. */
  id: string;
  /**
   * The engine's name without the project: `api-1`, and `db-1` where a service has one container. Of a pod, its name
   * without the hash of its version.
   */
  name: string;
  /** By compose's name, on Kubernetes too: `api`, `db-1`. */
  service: string;
  state: State;
  /** What the engine says of it (`Up 2 minutes (healthy)`, `Exited (137) 5 seconds ago`), or the cluster of a pod. */
  status: string;
  /** Of a pod: how often its containers were started again. */
  restarts?: number;
  /** Of a pod that has one. */
  machine?: string;
  /** Of the machine, where that has one. */
  zone?: string;
  role?: Role;
  /** Processor time over the last second, or over what metrics-server measures: 0.5 is half a core. */
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
