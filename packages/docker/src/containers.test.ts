import { expect, test } from 'vitest';
import { isHalfReplaced, isSettled, progressOf } from './containers.ts';

const container = (state: string, status: string, service = 'api') => ({
  service,
  name: `shop-${service}-1`,
  state,
  status,
});

test.each([
  ['running', 'Up 2 minutes (healthy)', true],
  ['running', 'Up 2 minutes', true],
  ['running', 'Up 2 seconds (health: starting)', false],
  ['running', 'Up 2 minutes (unhealthy)', false],
  ['paused', 'Up 2 minutes (Paused)', false],
  ['restarting', 'Restarting (1) 3 seconds ago', false],
  ['exited', 'Exited (0) 5 seconds ago', true],
  ['exited', 'Exited (137) 5 seconds ago', false],
  ['created', 'Created', false],
])('%s, %s: settled %s', (state, status, expected) => {
  expect(isSettled(container(state, status))).toBe(expected);
});

test.each([
  ['a4cf8e21d3b7_shop-api-2', true],
  ['shop-api-2', false],
  ['facade_shop-api-2', false],
])('%s: half replaced %s', (name, expected) => {
  expect(isHalfReplaced({ ...container('created', 'Created'), name })).toBe(expected);
});

test('progress counts what is ready and names what is not, each once', () => {
  const starting = 'Up 1 second (health: starting)';
  const containers = [
    container('running', 'Up 3 seconds (healthy)', 'redis-1'),
    container('running', starting),
    container('running', starting),
  ];
  expect(progressOf(containers)).toBe('1 of 3 containers ready, waiting for api');
});
