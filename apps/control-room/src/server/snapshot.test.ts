import { expect, test } from 'vitest';
import { type Found, snapshotOf } from './snapshot.ts';

const container = (name: string, more: Partial<Found> = {}): Found => ({
  id: `id of ${name}`,
  name,
  service: name.replace(/^api-.*/, 'api'),
  state: 'running',
  status: 'Up 1 minute (healthy)',
  addresses: ['172.30.1.14'],
  ...more,
});

const answers = {
  uses: new Map([
    ['id of api-1', { cores: 0.5, memoryBytes: 100 }],
    ['id of api-2', { cores: 0.4, memoryBytes: 90 }],
  ]),
  roleOf: (service: string) => (service === 'db-1' ? ('primary' as const) : undefined),
  rateOf: ({ name }: Pick<Found, 'name'>) =>
    name.startsWith('api') ? { perSecond: 3, unit: 'requests' as const } : undefined,
};

test('a container that runs has its role, use and rate; one that was killed has its last words alone', () => {
  const found = [
    container('db-1'),
    container('api-1'),
    container('api-2', { state: 'down', status: 'Exited (137) 1 second ago' }),
  ];
  expect(snapshotOf({ at: 7, found, ...answers })).toEqual({
    at: 7,
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
        id: 'id of db-1',
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
  const found = [10, 9, 1].map((number) => container(`api-${number}`));
  const snapshot = snapshotOf({ at: 7, found, trouble: 'no rates' });
  expect(snapshot.containers.map(({ name }) => name)).toEqual(['api-1', 'api-9', 'api-10']);
  expect(snapshot.trouble).toBe('no rates');
});
