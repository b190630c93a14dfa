import { expect, test } from 'vitest';
import { snapshotOf } from './compose-snapshot.ts';

const listed = (service: string, number: number, state = 'running', status = 'Up 1 minute (healthy)') => ({
  id: `id of ${service}-${number}`,
  name: `shop-${service}-${number}`,
  service,
  state,
  status,
  addresses: [],
});

const answers = {
  uses: new Map([
    ['id of api-1', { cores: 0.5, memoryBytes: 100 }],
    ['id of api-2', { cores: 0.4, memoryBytes: 90 }],
  ]),
  roleOf: (service: string) => (service === 'db-1' ? ('primary' as const) : undefined),
  rateOf: (_: unknown, name: string) =>
    name.startsWith('api') ? { perSecond: 3, unit: 'requests' as const } : undefined,
};

test('a container that runs has its role, use and rate; one that was killed has its last words alone', () => {
  const containers = [
    listed('db-1', 1),
    listed('api', 1),
    listed('api', 2, 'exited', 'Exited (137) 1 second ago'),
  ];
  const snapshot = snapshotOf({ at: 7, project: 'shop', listed: containers, ...answers });
  expect(snapshot).toEqual({
    at: 7,
    project: 'shop',
    containers: [
      {
        id: 'id of api-1',
        name: 'api-1',
        service: 'api',
        state: 'running',
        status: 'Up 1 minute (healthy)',
        cores: 0.5,
        memoryBytes: 100,
        rate: { perSecond: 3, unit: 'requests' },
      },
      {
        id: 'id of api-2',
        name: 'api-2',
        service: 'api',
        state: 'down',
        status: 'Exited (137) 1 second ago',
      },
      {
        id: 'id of db-1-1',
        name: 'db-1',
        service: 'db-1',
        state: 'running',
        status: 'Up 1 minute (healthy)',
        role: 'primary',
      },
    ],
  });
});

test('names are in the order of their numbers, and a trouble is passed on', () => {
  const containers = [10, 9, 1].map((number) => listed('api', number));
  const snapshot = snapshotOf({ at: 7, project: 'shop', listed: containers, trouble: 'no rates' });
  expect(snapshot.containers.map(({ name }) => name)).toEqual(['api-1', 'api-9', 'api-10']);
  expect(snapshot.trouble).toBe('no rates');
});
