import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { compareTimes, slowerThan, timesOf } from './times.ts';

test('a test that became clearly slower is named, with both times', () => {
  const before = { 'a › one': 20_000, 'a › two': 20_000, 'a › three': 100 };
  const now = { 'a › one': 45_000, 'a › two': 29_000, 'a › three': 9_000, 'a › new': 90_000 };
  expect(slowerThan(before, now)).toEqual(['20s → 45s  a › one']);
});

test('times come out of nested suites, a project each', () => {
  const tests = [
    { projectName: 'web', status: 'expected', results: [{ duration: 1_000, errors: [] }] },
    { projectName: 'web-phone', status: 'expected', results: [{ duration: 3_000, errors: [] }] },
  ];
  const specs = [{ title: 'opens', file: 'cart.spec.ts', line: 3, tests }];
  expect(timesOf({ suites: [{ suites: [{ specs }] }] })).toEqual({
    '[web] cart.spec.ts › opens': 1_000,
    '[web-phone] cart.spec.ts › opens': 3_000,
  });
});

test('a run is compared with the one before, and tests that did not run keep their times', async () => {
  const file = join(await mkdtemp(join(tmpdir(), 'times-')), 'times.json');
  expect(await compareTimes(file, { one: 1_000, two: 2_000 })).toEqual([]);
  expect(await compareTimes(file, { two: 60_000 })).toEqual(['2s → 1m  two']);
  expect(await compareTimes(file, { one: 1_000 })).toEqual([]);
});
