/** A tier of the shop: services that do the same work, and where the map shows them. */
export interface Tier {
  id: string;
  title: string;
  services: RegExp;
  /** From left to right along the way of a request. */
  column: number;
  /** 0: the way of a request. 1: what works beside or behind it. */
  row: 0 | 1;
}

/** In the order in which a request meets them; the last takes every service that no other has. */
export const tiers: Tier[] = [
  { id: 'edge', title: 'Edges', services: /^edge(-\d+)?$/, column: 0, row: 0 },
  { id: 'api', title: 'API', services: /^api$/, column: 1, row: 0 },
  { id: 'pgbouncer', title: 'Connection pools', services: /^pgbouncer$/, column: 2, row: 0 },
  { id: 'haproxy', title: 'Way to the primary', services: /^haproxy-\d+$/, column: 3, row: 0 },
  { id: 'db', title: 'Postgres', services: /^db-\d+$/, column: 4, row: 0 },
  { id: 'etcd', title: 'Leader election', services: /^(etcd-\d+|fencer)$/, column: 5, row: 0 },
  { id: 'redis', title: 'Redis', services: /^(redis-\d+|cache)$/, column: 2, row: 1 },
  { id: 'sentinel', title: 'Sentinels', services: /^sentinel-\d+$/, column: 1, row: 1 },
  { id: 'worker', title: 'Workers', services: /^worker$/, column: 3, row: 1 },
  { id: 'outside', title: 'Payments and mail', services: /^(payments|mail)$/, column: 4, row: 1 },
  { id: 'minio', title: 'Object storage', services: /^minio-\d+$/, column: 5, row: 1 },
  {
    id: 'metrics',
    title: 'Metrics',
    services: /^(prometheus|alertmanager|exporter-.*|traces)$/,
    column: 0,
    row: 1,
  },
  { id: 'rest', title: 'Jobs and others', services: /(?:)/, column: 3, row: 1 },
];

/** The connections: `from` calls `to`. `watches` is no part of a request's way. */
export const connections: { from: string; to: string; kind: 'calls' | 'watches' }[] = [
  { from: 'edge', to: 'api', kind: 'calls' },
  { from: 'api', to: 'pgbouncer', kind: 'calls' },
  { from: 'pgbouncer', to: 'haproxy', kind: 'calls' },
  { from: 'haproxy', to: 'db', kind: 'calls' },
  { from: 'etcd', to: 'db', kind: 'watches' },
  { from: 'api', to: 'redis', kind: 'calls' },
  { from: 'sentinel', to: 'redis', kind: 'watches' },
  { from: 'redis', to: 'worker', kind: 'calls' },
  { from: 'worker', to: 'outside', kind: 'calls' },
];

export const tierOf = (service: string): Tier => tiers.find(({ services }) => services.test(service))!;
