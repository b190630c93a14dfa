import { expect, test } from 'vitest';
import { type MeasuredReplica, recommend } from './recommend.ts';

const ready = (...values: (number | undefined)[]): MeasuredReplica[] =>
  values.map((value, index) => ({ name: `api-${index + 1}`, ready: true, value }));
const starting = (count: number): MeasuredReplica[] =>
  Array.from({ length: count }, (_, index) => ({ name: `new-${index + 1}`, ready: false, value: undefined }));
const wanted = (replicas: MeasuredReplica[], target: number) => recommend(replicas, target, 0.1)?.replicas;

test.each([
  ['200 of 100: doubled, as in the document', ready(200, 200, 200), 100, 6],
  ['50 of 100: halved, as in the document', ready(50, 50, 50, 50), 100, 2],
  ['halves of replicas are rounded up', ready(50, 50, 50), 100, 2],
  ['10 % above the target is within the tolerance', ready(110, 110), 100, 2],
  ['10 % below the target is within the tolerance', ready(90, 90), 100, 2],
  ['11 % above the target is not', ready(111, 111), 100, 3],
  ['the average counts, not the busiest replica', ready(300, 0, 0), 100, 3],
  ['an idle service needs none', ready(0, 0), 100, 0],
  ['no replica more for the last digit of a division', ready(0.3, 0.3, 0.3), 0.1, 9],
])('%s', (_, replicas, target, expected) => {
  expect(wanted(replicas, target)).toBe(expected);
});

test.each([
  ['missing, others busy: the missing one counts as idle', ready(300, 300, undefined), 100, 6],
  ['missing, others idle: the missing one counts as at its target', ready(10, 10, undefined), 100, 2],
  ['missing ones that bring the ratio into the tolerance change nothing', ready(150, undefined), 100, 2],
  ['missing ones that turn the direction round change nothing', ready(150, undefined, undefined), 100, 3],
  ['a starting one counts as idle when more are wanted', [...ready(300, 300), ...starting(1)], 100, 6],
  ['starting ones that would be enough: no more are started', [...ready(150, 150), ...starting(1)], 100, 3],
  ['starting ones that turn the direction round change nothing', [...ready(300), ...starting(3)], 100, 4],
  ['a starting one has no say when fewer are wanted', [...ready(40, 40), ...starting(1)], 100, 1],
])('%s', (_, replicas, target, expected) => {
  expect(wanted(replicas, target)).toBe(expected);
});

test('the reported average is the one before any correction', () => {
  expect(recommend(ready(300, 300, undefined), 100, 0.1)).toMatchObject({ average: 300, ratio: 3 });
});

test('nothing is recommended where nothing was measured', () => {
  expect(recommend([], 100, 0.1)).toBeUndefined();
  expect(recommend(ready(undefined, undefined), 100, 0.1)).toBeUndefined();
  expect(recommend(starting(2), 100, 0.1)).toBeUndefined();
});
