import { largestBox } from './prices.ts';

/** A tier of the shop as capacity sees it. */
export type Tier = {
  name: string;
  /** The tier of the profile whose processor time it spends. */
  spends: string;
  /** Which calls count, by what they do to Postgres; all if it is left out. */
  calls?: 'writes' | 'reads';
  /** Replicas that compose starts. */
  today: number;
  /** Fewer would not survive the loss of one. */
  least: number;
  /** More replicas carry more. Otherwise one of them does all the work, and only a larger box helps. */
  scalesOut: boolean;
  /** The most processors that one replica can keep busy. */
  coresAReplica: number;
};

/** Calls that commit to Postgres: only the primary can. The profile does not tell its nodes apart, so all of it counts there. */
export const writes = new Set(['order']);

/** A program with one event loop, or one thread that works, keeps one processor busy. */
const oneThread = { coresAReplica: 1 };

export const tiers: Tier[] = [
  { name: 'edge', spends: 'edge', today: 2, least: 2, scalesOut: true, ...oneThread },
  { name: 'API', spends: 'API', today: 3, least: 2, scalesOut: true, ...oneThread },
  { name: 'workers', spends: 'workers', today: 2, least: 2, scalesOut: true, ...oneThread },
  { name: 'PgBouncer', spends: 'PgBouncer', today: 2, least: 2, scalesOut: true, ...oneThread },
  { name: 'HAProxy', spends: 'HAProxy', today: 2, least: 2, scalesOut: true, ...oneThread },
  {
    ...{ name: 'Postgres, primary', spends: 'Postgres', calls: 'writes' },
    ...{ today: 1, least: 1, scalesOut: false, coresAReplica: largestBox.vcpus },
  },
  {
    ...{ name: 'Postgres, replicas', spends: 'Postgres', calls: 'reads' },
    ...{ today: 2, least: 2, scalesOut: true, coresAReplica: largestBox.vcpus },
  },
  // One master, and replicas that take over.
  { name: 'Redis', spends: 'Redis', today: 3, least: 3, scalesOut: false, ...oneThread },
  { name: 'cache', spends: 'cache', today: 1, least: 1, scalesOut: false, ...oneThread },
];

/** What a call costs nothing in, or what is measured by no call: a number that the load does not change. */
export const fixed = [
  { name: 'etcd', replicas: 3 },
  { name: 'Sentinel', replicas: 3 },
  { name: 'object storage', replicas: 4 },
];
