import { expect, test } from 'vitest';
import { suitesOf } from './test-files.ts';

test.each([
  ['kill-one-api', ['chaos']],
  ['tests/e2e/web/scroll.spec.ts', ['web']],
  ['control-room/map', ['web']],
  ['tests/e2e/journey', ['e2e']],
  ['reviews.integration', ['integration']],
  ['cli/test-files.test.ts', ['unit']],
])('%s is of the suite %s', async (name, suites) => {
  expect(await suitesOf([name])).toEqual(suites);
});

test('several files may be of several suites, which run in their usual order', async () => {
  expect(await suitesOf(['kill-one-api', 'cli/test-files.test.ts'])).toEqual(['unit', 'chaos']);
});

test('a name that no test file has is refused, and named', async () => {
  await expect(suitesOf(['kill-one-apple'])).rejects.toThrow('"kill-one-apple"');
});
