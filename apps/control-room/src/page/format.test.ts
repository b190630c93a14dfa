import { expect, test } from 'vitest';
import { amount, figure, inWords, lastWords } from './format.ts';

test('a container in words has what is known of it', () => {
  const seen = { id: 'a', name: 'db-1', service: 'db-1', status: 'Up 2 minutes (healthy)' };
  const use = { cores: 0.123, memoryBytes: 84_400_000, rate: { perSecond: 3.21, unit: 'commits' as const } };
  expect(inWords({ ...seen, state: 'running', role: 'primary', ...use })).toBe(
    'db-1: running, primary, 12 % of a core, 84 MB, 3.2 commits per second',
  );
  expect(inWords({ ...seen, state: 'down', status: 'Exited (137) 5 seconds ago' })).toBe(
    'db-1: down, Exited (137)',
  );
});

test('a pod in words has its machine, and how often it was started again', () => {
  const pod = { id: 'db-1', name: 'db-1', service: 'db-1', status: 'Running', machine: 'node-2', zone: 'b' };
  expect(inWords({ ...pod, state: 'running', role: 'replica', restarts: 2 })).toBe(
    'db-1: running, replica, on node-2 in zone b, started again 2 times',
  );
  expect(inWords({ ...pod, state: 'waiting', status: 'ContainerCreating', restarts: 1 })).toBe(
    'db-1: waiting, ContainerCreating, on node-2 in zone b, started again once',
  );
});

test('one is singular', () => {
  expect([0, 1, 1.04, 1.5, 12].map((perSecond) => amount({ perSecond, unit: 'queries' }))).toEqual([
    ...['0 queries', '1 query', '1 query', '1.5 queries', '12 queries'],
  ]);
});

test.each([
  ['Exited (137) 5 seconds ago', 'Exited (137)'],
  ['Exited (0) About a minute ago', 'Exited (0)'],
  ['Exited (1) Less than a second ago', 'Exited (1)'],
  ['Created', 'Created'],
])('%s is %s', (status, words) => {
  expect(lastWords(status)).toBe(words);
});

test('small figures have one digit after the point', () => {
  expect([0, 0.04, 0.36, 9.94, 9.96, 1234.5].map(figure)).toEqual(['0', '0', '0.4', '9.9', '10', '1,235']);
});
