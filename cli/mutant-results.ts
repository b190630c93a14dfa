import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { root, stateDir } from '@shop/command/folders.ts';
import { commitName, machineName, type Provenance } from '@shop/report/provenance.ts';
import { right, table } from '@shop/report/table.ts';
import type { Mutant } from './mutant-files.ts';
import type { Verdict } from './verdict.ts';

/** What a mutant's latest run gave. */
export type Result = Pick<Verdict, 'outcome'> & {
  name: string;
  /** Of the build, the start and the test with the mutant. */
  seconds: number;
  provenance: Provenance;
};

/** The results of this clone's runs, in the order of the runs. */
const runs = `${stateDir}mutants-results.ndjson`;
/** The latest result of each mutant as a commit has it, so that a page that another clone writes loses none. */
const kept = `${root}docs/results/mutants.ndjson`;

/** Keeps a result for `--results`. */
export async function remember(result: Result): Promise<void> {
  await appendFile(runs, lineOf(result));
}

/** Writes docs/results/mutants.md and `mutants.ndjson` beside it from every run of this clone, and what they had before. */
export async function writeResults(mutants: Mutant[]): Promise<void> {
  const latest = latestOf(mutants, [...(await readLines(kept)), ...(await readLines(runs))]);
  await writeFile(kept, latest.map(lineOf).join(''));
  await writeFile(`${root}docs/results/mutants.md`, page(mutants, latest));
}

/** The latest of these results of each mutant that there still is; `results` in the order of the runs. */
export function latestOf(mutants: Mutant[], results: Result[]): Result[] {
  const latest = new Map(results.map((result) => [result.name, result]));
  return mutants.flatMap(({ name }) => latest.get(name) ?? []);
}

const lineOf = (result: Result) => `${JSON.stringify(result)}\n`;

async function readLines(file: string): Promise<Result[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

/** The page of the latest result of each mutant; a mutant without one is listed as not run. */
export function page(mutants: Mutant[], results: Result[]): string {
  const latest = new Map(latestOf(mutants, results).map((result) => [result.name, result]));
  const ran = mutants.flatMap((mutant) => {
    const result = latest.get(mutant.name);
    return result ? [{ mutant, result }] : [];
  });
  const notRun = mutants.filter(({ name }) => !latest.has(name));
  const count = (outcome: Result['outcome']) => ran.filter(({ result }) => result.outcome === outcome).length;
  const machines = new Set(ran.map(({ result }) => machineName(result.provenance.machine)));
  const dates = ran.map(({ result }) => result.provenance.date).sort();
  const rows = ran.map(({ mutant, result }) => [
    mutant.name,
    mutant.test,
    result.outcome,
    result.seconds,
    commitName(result.provenance),
  ]);
  const ofNotRun = notRun.map(({ name, test }) => `- ${name}: \`${test}\`\n`).join('');
  return `# What the tests noticed of each mutant

Written by \`npm run mutants -- --results\` from the runs of \`npm run mutants\`, ${dates[0] ?? ''} to ${dates.at(-1) ?? ''}, on ${[...machines].join(' and ')}. Each line is the latest run of one patch of \`tests/mutants/\`, on the commit that it names (one that is not in the history was rebased since). Objected: the named test failed without the mechanism. Survived: it passed all the same. Not run: it did not start, or fails on the sound shop as well. Seconds: build, start and test, beside whatever else the machine did.

${mutants.length} mutants: ${count('objected')} objected to, ${count('survived')} survived, ${count('not run') + notRun.length} not run.

${table(['mutant', 'test', 'outcome', right('s'), 'commit'], rows)}
${ofNotRun && `\n## Not run yet\n\n${ofNotRun}`}`;
}
