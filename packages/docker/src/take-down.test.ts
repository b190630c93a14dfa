import { expect, test } from 'vitest';
import { waves } from './take-down.ts';

const wavesOf = (service: string) =>
  waves.flatMap(({ services }, wave) => (services.test(service) ? wave : []));

test.each([
  [
    0,
    [
      'edge-1',
      'api',
      'worker',
      'payments',
      'fencer',
      'pgbouncer',
      'haproxy-1',
      'exporter-redis',
      'sentinel-1',
    ],
  ],
  [1, ['db-1', 'redis-1', 'minio-4', 'mail', 'prometheus']],
  [2, ['etcd-1']],
])('wave %i has its services, and no other wave has them', (wave, services) => {
  for (const service of services) expect(wavesOf(service), service).toEqual([wave]);
});
