import { describe, expect, test } from 'vitest';
import { isLinearizable, type SharedCall } from './linearizable.ts';

type Interval = [startedAt: number, endedAt: number];
const call = (
  [startedAt, endedAt]: Interval,
  apply: SharedCall<number>['apply'],
  isOptional = false,
): SharedCall<number> => ({ startedAt, endedAt, isOptional, apply });
const sets = (value: number, at: Interval, isOptional = false) => call(at, () => value, isOptional);
const adds = (value: number, at: Interval, isOptional = false) => call(at, (sum) => sum + value, isOptional);
const reads = (value: number, at: Interval) => call(at, (state) => (state === value ? state : undefined));
const judge = (...calls: SharedCall<number>[]) => isLinearizable(calls, 0);

describe('explains', () => {
  test.each<[string, SharedCall<number>[]]>([
    ['nothing at all', []],
    ['a read after a write', [sets(5, [0, 10]), reads(5, [20, 30])]],
    ['either order of two writes at once', [sets(5, [0, 10]), sets(7, [5, 8]), reads(5, [20, 30])]],
    ['the sum of additions at once', [adds(2, [0, 10]), adds(3, [5, 15]), reads(5, [20, 30])]],
    ['a read during a write, of before', [sets(5, [0, 10]), reads(0, [5, 8])]],
    ['an unknown write that happened', [sets(5, [0, 99], true), reads(5, [20, 30])]],
    ['an unknown write that did not happen', [sets(5, [0, 99], true), reads(0, [20, 30])]],
    ['an unknown write that did not happen in its time', [sets(5, [0, 15], true), reads(0, [20, 30])]],
    ['an unknown write that happens late', [sets(5, [0, 99], true), reads(0, [20, 30]), reads(5, [40, 50])]],
  ])('%s', (_, calls) => {
    expect(judge(...calls)).toBe(true);
  });
});

describe('cannot explain', () => {
  test.each<[string, SharedCall<number>[]]>([
    ['a read of before the write', [sets(5, [0, 10]), reads(0, [20, 30])]],
    ['a lost addition', [adds(2, [0, 10]), adds(3, [5, 15]), reads(3, [20, 30])]],
    ['an addition that counts twice', [adds(2, [0, 10]), reads(4, [20, 30])]],
    ['a value that goes back', [sets(5, [0, 10]), sets(7, [20, 90]), reads(7, [30, 40]), reads(5, [50, 60])]],
    ['an unknown write that is undone', [sets(5, [0, 99], true), reads(5, [20, 30]), reads(0, [40, 50])]],
    ['an unknown write after its time', [sets(5, [0, 15], true), reads(0, [20, 30]), reads(5, [40, 50])]],
  ])('%s', (_, calls) => {
    expect(judge(...calls)).toBe(false);
  });
});

test('is quick with many calls at once', () => {
  const many = Array.from({ length: 12 }, () => adds(1, [0, 10]));
  expect(judge(...many, reads(12, [20, 30]))).toBe(true);
  expect(judge(...many, reads(11, [20, 30]))).toBe(false);
});
