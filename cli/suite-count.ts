import { readFile } from 'node:fs/promises';
import type { Failure } from './failures.ts';

/** The result of a suite. `failures` may be fewer than `failed`: a runner can end without naming a test. */
export type Count = { passed: number; failed: number; failures: Failure[] };

/**
 * A runner that failed without a failed test (for example because a file does not load), or that ran nothing, has
 * failed.
 */
export function failIfEmpty({ passed, failed, failures }: Count, runnerFailed: boolean): Count {
  return { passed, failed: failed === 0 && (runnerFailed || passed === 0) ? 1 : failed, failures };
}

/** The results that a runner has written as JSON; `otherwise` where there is no such file. */
export async function readResults<T>(file: string, otherwise: T): Promise<T> {
  return await readFile(file, 'utf8').then(JSON.parse, () => otherwise);
}
