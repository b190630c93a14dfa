import { expect, test } from 'vitest';
import { Refusal } from '../actions/refusal.ts';
import { requireRoom, scalingOf } from './scaling.ts';

const deployment = { kind: 'Deployment' as const, spec: { replicas: 4 } };
const autoscaler = {
  kind: 'HorizontalPodAutoscaler' as const,
  spec: { minReplicas: 3, maxReplicas: 5 },
};

test('with an autoscaler, its fewest can be changed up to its most', () => {
  expect(scalingOf({ items: [deployment, autoscaler] })).toEqual({ wanted: 3, most: 5, autoscaled: true });
});

test('without an autoscaler, the Deployment says how many pods there are', () => {
  expect(scalingOf({ items: [deployment] })).toEqual({ wanted: 4, most: 9, autoscaled: false });
});

test('a namespace without an API is not one with none', () => {
  expect(() => scalingOf({ items: [] })).toThrow(/no Deployment/);
});

test('more pods than the autoscaler starts are refused in words', () => {
  const scaling = { wanted: 3, most: 5, autoscaled: true };
  expect(() => requireRoom(6, scaling)).toThrow(new Refusal('The autoscaler starts 5 pods at most.'));
  expect(() => requireRoom(5, scaling)).not.toThrow();
});
