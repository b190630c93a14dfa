import { expect, test } from 'vitest';
import { rateOf } from './rates.ts';

const rates = rateOf(
  new Map([
    ['172.30.1.14', 12.5],
    ['db-1', 3],
    ['edge-1', 40],
    ['pgbouncer-2', 7],
    ['172.30.2.9', 1],
  ]),
);

test.each([
  [
    'api-2',
    { service: 'api', addresses: ['172.30.2.14', '172.30.1.14'] },
    { perSecond: 12.5, unit: 'requests' },
  ],
  ['db-1', { service: 'db-1', addresses: ['172.30.2.21'] }, { perSecond: 3, unit: 'commits' }],
  ['edge-1', { service: 'edge-1', addresses: [] }, { perSecond: 40, unit: 'requests' }],
  ['pgbouncer-2', { service: 'pgbouncer', addresses: ['172.30.2.51'] }, { perSecond: 7, unit: 'queries' }],
])('%s has the rate of its address or its name', (name, container, rate) => {
  expect(rates({ name, ...container })).toEqual(rate);
});

test('what Prometheus does not measure, and what has no unit, has no rate', () => {
  expect(rates({ name: 'api-9', service: 'api', addresses: ['172.30.1.99'] })).toBeUndefined();
  expect(rates({ name: 'mail', service: 'mail', addresses: ['172.30.2.9'] })).toBeUndefined();
});
