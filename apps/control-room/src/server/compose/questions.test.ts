import { expect, test } from 'vitest';
import { found } from './questions.ts';

test('a container of the engine has its short name and its state', () => {
  const listed = {
    id: 'a',
    name: 'shop-db-1-1',
    service: 'db-1',
    state: 'exited',
    status: 'Exited (137) 1 second ago',
    addresses: ['172.30.2.21'],
  };
  expect(found('shop', [listed])).toEqual([{ ...listed, name: 'db-1', state: 'down' }]);
});
