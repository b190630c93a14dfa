import { ActionableError } from '@shop/command/actionable-error.ts';
import { filesMatching } from '@shop/command/files.ts';

/** In the order in which they run: the cheapest suites fail first. */
export const suiteNames = ['code', 'unit', 'integration', 'e2e', 'web', 'chaos', 'labs'] as const;
export type SuiteName = (typeof suiteNames)[number];

/** The runner of a file, by its path; the first pattern that fits decides. */
const suiteOfPath: [RegExp, SuiteName][] = [
  [/\.integration\.test\.ts$/, 'integration'],
  [/\.test\.ts$/, 'unit'],
  [/^tests\/e2e\/(web|control-room)\/.*\.spec\.ts$/, 'web'],
  [/^tests\/e2e\/.*\.spec\.ts$/, 'e2e'],
  [/^tests\/chaos\/.*\.spec\.ts$/, 'chaos'],
];

/** The suite that runs a file, by its path; undefined for a file that is not a test. */
export function suiteOf(path: string): SuiteName | undefined {
  return suiteOfPath.find(([pattern]) => pattern.test(path))?.[1];
}

/**
 * The suites of the test files whose paths contain one of `names`, in the order of `suiteNames`. @throws
 * ActionableError when one of `names` fits no test file.
 */
export async function suitesOf(names: string[]): Promise<SuiteName[]> {
  const files = await filesMatching(['**/*.{test,spec}.ts'], ['node_modules']);
  const paths = files.filter((path) => suiteOf(path) !== undefined);
  const suites = new Set<SuiteName>();
  for (const name of names) {
    const found = paths.filter((path) => path.includes(name));
    if (found.length === 0) {
      throw new ActionableError(
        `No path of a test file contains "${name}".`,
        'name a file or a part of its path, such as kill-one-api, reviews.integration or tests/e2e/web/',
      );
    }
    for (const path of found) suites.add(suiteOf(path)!);
  }
  return suiteNames.filter((suite) => suites.has(suite));
}
