import { stripVTControlCharacters } from 'node:util';

/** A test that failed: its place and the beginning of its message. */
export type Failure = { title: string; message: string };

/** The part of a message that is repeated at the end; the whole message is where the test ran. */
const linesToldAgain = 14;

type PlaywrightSuite = {
  suites?: PlaywrightSuite[];
  specs?: {
    title: string;
    file: string;
    line: number;
    tests: {
      projectName: string;
      status: string;
      results: { duration: number; errors: { message?: string }[] }[];
    }[];
  }[];
};

/** The part of the file of Playwright's JSON reporter that is used here. */
export type PlaywrightResults = {
  stats: { expected: number; unexpected: number; flaky: number };
  suites: PlaywrightSuite[];
  /** Errors outside of any test, for example a file that does not load. */
  errors: { message?: string }[];
};

/** The part of the file of Vitest's JSON reporter that is used here. */
export type VitestResults = {
  numPassedTests: number;
  numFailedTests: number;
  testResults: {
    name: string;
    status: string;
    message: string;
    assertionResults: { fullName: string; status: string; failureMessages: string[] }[];
  }[];
};

export function failuresOfPlaywright({ suites, errors }: PlaywrightResults): Failure[] {
  const ofSuite = ({ suites = [], specs = [] }: PlaywrightSuite): Failure[] => [
    ...specs.flatMap(({ title, file, line, tests }) =>
      tests
        .filter(({ status }) => status === 'unexpected' || status === 'flaky')
        .map(({ projectName, results }) => ({
          title: `[${projectName}] ${file}:${line} › ${title}`,
          message: results.flatMap(({ errors }) => errors.map(({ message = '' }) => message)).join('\n'),
        })),
    ),
    ...suites.flatMap(ofSuite),
  ];
  const outside = errors.map(({ message = '' }) => ({ title: 'outside of any test', message }));
  return [...suites.flatMap(ofSuite), ...outside];
}

export function failuresOfVitest({ testResults }: VitestResults): Failure[] {
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const failed = assertionResults
      .filter(({ status }) => status === 'failed')
      .map(({ fullName, failureMessages }) => ({
        title: `${name} › ${fullName}`,
        message: failureMessages.join('\n'),
      }));
    return failed.length > 0 || status !== 'failed' ? failed : [{ title: name, message }];
  });
}

/** The last lines of a long run: each failure with the beginning of its message, and with the causes in the rest of it. */
export function tellFailures(failures: Failure[]): string {
  return failures
    .map(({ title, message }) => {
      const lines = stripVTControlCharacters(message).split('\n');
      const shown = lines.slice(0, linesToldAgain);
      const causes = lines.slice(shown.length).filter((line) => line.trimStart().startsWith('[cause]'));
      const more = lines.length - shown.length - causes.length;
      shown.push(...causes);
      if (more > 0) shown.push(`… and ${more} lines more above`);
      return [`✘ ${title}`, ...shown.map((line) => `    ${line}`.trimEnd())].join('\n');
    })
    .join('\n');
}
