import { describe, expect, test } from 'vitest';
import { failuresOfPlaywright, failuresOfVitest, tellFailures } from './failures.ts';

describe('the summary of failures at the end', () => {
  test('finds the failed tests among those of Playwright, in each project and at any depth', () => {
    const spec = (title: string, status: string, message: string) => ({
      title,
      file: 'chaos/kill.spec.ts',
      line: 12,
      tests: [
        { projectName: 'chaos', status, results: [{ duration: 1, errors: message ? [{ message }] : [] }] },
      ],
    });
    const failures = failuresOfPlaywright({
      stats: { expected: 1, unexpected: 2, flaky: 0 },
      suites: [
        { specs: [spec('passes', 'expected', ''), spec('fails', 'unexpected', 'one is not two')] },
        { suites: [{ specs: [spec('fails deeper', 'unexpected', 'two is not three')] }] },
      ],
      errors: [{ message: 'no such file' }],
    });
    expect(failures).toEqual([
      { title: '[chaos] chaos/kill.spec.ts:12 › fails', message: 'one is not two' },
      { title: '[chaos] chaos/kill.spec.ts:12 › fails deeper', message: 'two is not three' },
      { title: 'outside of any test', message: 'no such file' },
    ]);
  });

  test('finds those of Vitest, and files that did not load', () => {
    const failures = failuresOfVitest({
      numPassedTests: 1,
      numFailedTests: 1,
      testResults: [
        {
          name: 'a.test.ts',
          status: 'failed',
          message: '',
          assertionResults: [
            { fullName: 'passes', status: 'passed', failureMessages: [] },
            { fullName: 'fails', status: 'failed', failureMessages: ['one is not two'] },
          ],
        },
        { name: 'b.test.ts', status: 'failed', message: 'does not load', assertionResults: [] },
        { name: 'c.test.ts', status: 'passed', message: '', assertionResults: [] },
      ],
    });
    expect(failures).toEqual([
      { title: 'a.test.ts › fails', message: 'one is not two' },
      { title: 'b.test.ts', message: 'does not load' },
    ]);
  });

  test('shows the first lines of each, without colours, and how many more there are', () => {
    const message = `\u001b[31m${Array.from({ length: 20 }, (_, index) => `line ${index + 1}`).join('\n')}\u001b[39m`;
    const told = tellFailures([{ title: 'a test', message }]).split('\n');
    expect(told[0]).toBe('✘ a test');
    expect(told[1]).toBe('    line 1');
    expect(told.at(-1)).toBe('    … and 6 lines more above');
  });

  test('shows each cause, however far down in the message it is', () => {
    const lines = Array.from({ length: 20 }, (_, index) => `line ${index + 1}`);
    const message = [...lines, '    [cause]: TimeoutError: locator.click', 'line 22'].join('\n');
    expect(
      tellFailures([{ title: 'a test', message }])
        .split('\n')
        .slice(-3),
    ).toEqual([
      '    line 14',
      '        [cause]: TimeoutError: locator.click',
      '    … and 7 lines more above',
    ]);
  });
});
