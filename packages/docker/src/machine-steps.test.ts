import { expect, test } from 'vitest';
import { machineSteps } from './machine-steps.ts';
import { shopTopology } from './topology.ts';

test('the addresses are checked when the engine answers: before, the bridges of an engine that was killed belong to none', () => {
  expect(machineSteps(shopTopology()).map(({ title }) => title)).toEqual([
    'Checking this machine',
    'Container engine',
    'Addresses of the containers',
  ]);
});
