import { expect, test } from 'vitest';
import { shortNames } from './names.ts';

test('a name has no project, and a number only where a service has several containers', () => {
  const containers = [
    { id: 'a', name: 'shop-test-api-1', service: 'api' },
    { id: 'b', name: 'shop-test-api-2', service: 'api' },
    { id: 'c', name: 'shop-test-db-1-1', service: 'db-1' },
    // After a scale-in, the one that is left need not be the first.
    { id: 'd', name: 'shop-test-worker-2', service: 'worker' },
    { id: 'e', name: 'another-name', service: 'mail' },
  ];
  expect(Object.fromEntries(shortNames('shop-test', containers))).toEqual({
    a: 'api-1',
    b: 'api-2',
    c: 'db-1',
    d: 'worker-2',
    e: 'another-name',
  });
});
