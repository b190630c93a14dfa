import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { ActionableError } from '@shop/command/actionable-error.ts';
import { filesMatching } from '@shop/command/files.ts';
import { root } from '@shop/command/folders.ts';
import { type SuiteName, suiteOf } from './test-files.ts';

/** A mechanism that a patch removes from the shop, and the test that must fail without it. */
export type Mutant = {
  /** The name of its file, without the ending. */
  name: string;
  /** The path of the patch below the repository's folder. */
  patch: string;
  /** What is broken, in plain English. */
  broken: string;
  /** The path of the test file that must object. */
  test: string;
  /** A part of the title of the only test in it that may object; undefined where any of them may. */
  title?: string;
  suite: SuiteName;
  /** The paths of the files that it changes. */
  changed: string[];
};

/** Between the path of a test file and the title of a test in it, as Vitest and Playwright print them. */
const separator = ' › ';
const wellFormed = 'begin it as those beside it: what is broken, then `Objects: <path of the test file>`';

/**
 * Reads the header of a patch: the lines before the diff. @throws ActionableError when it does not say what is broken,
 * or which test objects.
 */
export function parseMutant(patch: string, text: string): Mutant {
  const [header = ''] = text.split(/^diff --git /m);
  const [words = '', objects = ''] = header.split(/^Objects: /m);
  const broken = words.trim().replaceAll(/\s+/g, ' ');
  if (!broken) throw new ActionableError(`${patch} does not say what is broken.`, wellFormed);
  const [test = '', ...rest] = objects.trim().split(separator);
  const suite = suiteOf(test);
  if (!suite) throw new ActionableError(`${patch} names no test file that objects.`, wellFormed);
  const title = rest.join(separator) || undefined;
  const changed = [...text.matchAll(/^\+\+\+ b\/(.*)$/gm)].map(([, path]) => path!);
  return { name: basename(patch, '.patch'), patch, broken, test, title, suite, changed };
}

/** Every mutant of the repository, in the order of their names. */
export async function readMutants(): Promise<Mutant[]> {
  const patches = await filesMatching(['tests/mutants/*.patch'], []);
  return await Promise.all(
    patches.map(async (patch) => parseMutant(patch, await readFile(`${root}${patch}`, 'utf8'))),
  );
}

/**
 * The mutants whose names contain one of `names`; all without `names`. @throws ActionableError when one of `names` fits
 * no mutant.
 */
export function chooseMutants(all: Mutant[], names: string[]): Mutant[] {
  for (const name of names) {
    if (!all.some((mutant) => mutant.name.includes(name))) {
      throw new ActionableError(
        `No name of a mutant contains "${name}".`,
        '`npm run mutants -- --list` says which there are',
      );
    }
  }
  return names.length === 0 ? all : all.filter((mutant) => names.some((name) => mutant.name.includes(name)));
}

/**
 * A regular expression for the titles that mutants name, since a whole file takes three times as long; undefined when
 * one of them names no title.
 */
export function patternOf(mutants: Pick<Mutant, 'title'>[]): string | undefined {
  const titles = new Set(mutants.map(({ title }) => title));
  if (titles.has(undefined)) return undefined;
  return [...titles].map((title) => title!.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
}
