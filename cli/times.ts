import { readFile, writeFile } from 'node:fs/promises';
import { format } from '@lukeed/ms';
import type { PlaywrightResults } from './failures.ts';

/** How long each test took in milliseconds, by its title. */
export type Times = Record<string, number>;

/** A test counts as slower from here on: smaller differences come from other programs on the machine. */
const slowerBy = { factor: 1.5, ms: 10_000 };

type Suite = PlaywrightResults['suites'][number];

export function timesOf({ suites }: Pick<PlaywrightResults, 'suites'>): Times {
  const ofSuite = ({ suites = [], specs = [] }: Suite): [string, number][] => [
    ...specs.flatMap(({ title, file, tests }) =>
      tests.map(({ projectName, results }): [string, number] => [
        `[${projectName}] ${file} › ${title}`,
        results.reduce((sum, { duration }) => sum + duration, 0),
      ]),
    ),
    ...suites.flatMap(ofSuite),
  ];
  return Object.fromEntries(suites.flatMap(ofSuite));
}

/** The tests that became clearly slower since the last run, one line each, the largest change first. */
export function slowerThan(before: Times, now: Times): string[] {
  return Object.entries(now)
    .map(([title, ms]) => ({ title, ms, was: before[title] ?? Number.POSITIVE_INFINITY }))
    .filter(({ ms, was }) => ms > was * slowerBy.factor && ms - was > slowerBy.ms)
    .sort((a, b) => b.ms - b.was - (a.ms - a.was))
    .map(({ title, ms, was }) => `${format(was)} → ${format(ms)}  ${title}`);
}

/** Stores the times of a run for the next one. @returns the tests that became slower. */
export async function compareTimes(file: string, now: Times): Promise<string[]> {
  const before: Times = await readFile(file, 'utf8').then(JSON.parse, () => ({}));
  await writeFile(file, `${JSON.stringify({ ...before, ...now }, null, 2)}\n`);
  return slowerThan(before, now);
}
