import { describe, expect, test } from 'vitest';
import type { PlaywrightResults, VitestResults } from './failures.ts';
import { judge, testsOfPlaywright, testsOfVitest } from './verdict.ts';

const vitest = (name: string, statuses: Record<string, string>): VitestResults => ({
  numPassedTests: 0,
  numFailedTests: 0,
  testResults: [
    {
      name,
      status: 'failed',
      message: '',
      assertionResults: Object.entries(statuses).map(([fullName, status]) => ({
        fullName,
        status,
        failureMessages: [],
      })),
    },
  ],
});

const playwright = (file: string, statuses: Record<string, string>): PlaywrightResults => ({
  stats: { expected: 0, unexpected: 0, flaky: 0 },
  errors: [],
  suites: [
    {
      suites: [
        {
          specs: Object.entries(statuses).map(([title, status]) => ({
            title,
            file,
            line: 1,
            tests: [{ projectName: 'e2e', status, results: [] }],
          })),
        },
      ],
    },
  ],
});

describe('the tests of a file that have run', () => {
  test('are found among those of Vitest, on this machine or in a container', () => {
    for (const folder of ['/home/ada/shop/', '/shop/']) {
      const results = vitest(`${folder}apps/a.test.ts`, { one: 'passed', two: 'failed', three: 'skipped' });
      expect(testsOfVitest(results, 'apps/a.test.ts')).toEqual([
        { title: 'one', failed: false },
        { title: 'two', failed: true },
      ]);
      expect(testsOfVitest(results, 'apps/b.test.ts')).toEqual([]);
    }
  });

  test('are found among those of Playwright', () => {
    const results = playwright('e2e/a.spec.ts', { one: 'expected', two: 'unexpected', three: 'skipped' });
    expect(testsOfPlaywright(results, 'tests/e2e/a.spec.ts')).toEqual([
      { title: 'one', failed: false },
      { title: 'two', failed: true },
    ]);
    expect(testsOfPlaywright(results, 'tests/e2e/b.spec.ts')).toEqual([]);
  });
});

describe('a mutant', () => {
  const ran = [
    { title: 'orders › are kept', failed: true },
    { title: 'orders › are cancelled', failed: false },
  ];

  test('is found when a test of the named file fails', () => {
    expect(judge({}, ran)).toEqual({ outcome: 'objected', by: ['orders › are kept'] });
    expect(judge({ title: 'are kept' }, ran).outcome).toBe('objected');
  });

  test('survives when all tests pass, or when only another test than the named one fails', () => {
    expect(judge({}, ran.slice(1))).toEqual({ outcome: 'survived', by: [] });
    expect(judge({ title: 'are cancelled' }, ran)).toEqual({ outcome: 'survived', by: [] });
  });

  test('has not been judged when no test ran, or not the named one', () => {
    expect(judge({}, [])).toEqual({ outcome: 'not run', by: [] });
    expect(judge({ title: 'are shipped' }, ran).outcome).toBe('not run');
  });
});
