import { expect, test } from 'vitest';
import { stateOf } from './container-state.ts';

test.each([
  ['api', 'running', 'Up 2 minutes (healthy)', 'running'],
  ['exporter-nginx', 'running', 'Up 2 minutes', 'running'],
  ['api', 'running', 'Up 2 seconds (health: starting)', 'starting'],
  ['api', 'running', 'Up 2 minutes (unhealthy)', 'unhealthy'],
  ['api', 'paused', 'Up 2 minutes (Paused)', 'paused'],
  ['api', 'restarting', 'Restarting (1) 2 seconds ago', 'restarting'],
  ['api', 'exited', 'Exited (137) 5 seconds ago', 'down'],
  ['api', 'exited', 'Exited (0) 5 seconds ago', 'down'],
  ['api', 'created', 'Created', 'down'],
  ['api', 'dead', 'Dead', 'down'],
  ['migrate', 'exited', 'Exited (0) 5 minutes ago', 'done'],
  ['migrate', 'exited', 'Exited (1) 5 minutes ago', 'down'],
  ['migrate', 'running', 'Up 2 seconds', 'running'],
])('%s that is %s, "%s", is %s', (service, state, status, called) => {
  expect(stateOf({ service, state, status })).toBe(called);
});
