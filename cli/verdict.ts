import type { PlaywrightResults, VitestResults } from './failures.ts';
import type { Mutant } from './mutant-files.ts';

/** A test that has ended. */
export type RanTest = { title: string; failed: boolean };

/**
 * `objected`: the test that the mutant names ran and failed. `survived`: it ran and passed. `not run`: it did not run, because
 * its file or the shop did not start, which says nothing about the test.
 */
export type Verdict = { outcome: 'objected' | 'survived' | 'not run'; by: string[] };

/** The tests of one file that Vitest has run. A file that does not load has none. */
export function testsOfVitest({ testResults }: VitestResults, file: string): RanTest[] {
  return testResults
    .filter(({ name }) => name === file || name.endsWith(`/${file}`))
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === 'passed' || status === 'failed')
    .map(({ fullName, status }) => ({ title: fullName, failed: status === 'failed' }));
}

/** The tests of one file that Playwright has run; it names files below the folder of its configuration, `tests/`. */
export function testsOfPlaywright({ suites }: PlaywrightResults, file: string): RanTest[] {
  const ofSuite = ({ suites = [], specs = [] }: PlaywrightResults['suites'][number]): RanTest[] => [
    ...specs
      .filter((spec) => `tests/${spec.file}` === file)
      .flatMap(({ title, tests }) =>
        tests
          .filter(({ status }) => status !== 'skipped')
          .map(({ status }) => ({ title, failed: status === 'unexpected' })),
      ),
    ...suites.flatMap(ofSuite),
  ];
  return suites.flatMap(ofSuite);
}

/** The verdict of the named file's tests on a mutant. Where the mutant names one test, the others do not count. */
export function judge({ title }: Pick<Mutant, 'title'>, ran: RanTest[]): Verdict {
  const named = ran.filter((test) => title === undefined || test.title.includes(title));
  const by = named.filter(({ failed }) => failed).map((test) => test.title);
  if (by.length > 0) return { outcome: 'objected', by };
  return { outcome: named.length > 0 ? 'survived' : 'not run', by };
}
