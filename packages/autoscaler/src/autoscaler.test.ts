import { expect, test } from 'vitest';
import { Autoscaler } from './autoscaler.ts';
import { defaultBehavior } from './behavior.ts';
import type { MeasuredReplica } from './recommend.ts';

const each = (count: number, value: number | undefined): MeasuredReplica[] =>
  Array.from({ length: count }, (_, index) => ({ name: `api-${index}`, ready: true, value }));

const autoscaler = (options = {}) =>
  new Autoscaler({ min: 2, max: 5, target: 100, tolerance: 0.1, behavior: defaultBehavior, ...options });

test('a load that doubles starts replicas at once; when it is gone, they stay for the stabilization window', () => {
  const it = autoscaler();
  expect(it.decide(each(2, 95), 0)).toMatchObject({ wanted: 2, reason: 'enough' });
  expect(it.decide(each(2, 200), 15_000)).toMatchObject({ current: 2, wanted: 4, reason: 'too few' });
  it.changed(2, 15_000);
  expect(it.decide(each(4, 20), 30_000)).toMatchObject({
    wanted: 4,
    reason: 'waiting for the stabilization window',
  });
  expect(it.decide(each(4, 20), 314_000)).toMatchObject({ wanted: 4 });
  expect(it.decide(each(4, 20), 316_000)).toMatchObject({ wanted: 2, reason: 'limited by --min' });
});

test.each([
  ['more than --max are never wanted', each(3, 1_000), 5, 'limited by --max'],
  ['fewer than --min are filled up, whatever was measured', each(1, undefined), 2, 'fewer than --min'],
  ['more than --max are taken away, whatever was measured', each(7, 1_000), 5, 'more than --max'],
  ['without a measurement the number stays', each(3, undefined), 3, 'nothing measured yet'],
])('%s', (_, replicas, wanted, reason) => {
  expect(autoscaler().decide(replicas, 0)).toMatchObject({ wanted, reason });
});

test('at the beginning the present number counts as needed: no replica is removed before the window is over', () => {
  const it = autoscaler();
  expect(it.decide(each(5, 1), 0)).toMatchObject({ wanted: 5 });
  expect(it.decide(each(5, 1), 299_000)).toMatchObject({ wanted: 5 });
  expect(it.decide(each(5, 1), 301_000)).toMatchObject({ wanted: 2 });
});
