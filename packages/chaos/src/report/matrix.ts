import { glob, readFile, writeFile } from 'node:fs/promises';
import { format } from '@lukeed/ms';
import { readable } from '@shop/report/figures.ts';
import { machineName, type Provenance, provenanceOf } from '@shop/report/provenance.ts';
import { table } from '@shop/report/table.ts';
import { scenarios } from '../scenarios/scenarios.ts';
import { allTargets } from '../topology/targets.ts';
import type { FaultFigures } from './figures.ts';
import { commandOf, type Result } from './result.ts';
import { faultTable } from './text.ts';

const resultsFile = 'docs/results/chaos.md';
const overviewFile = 'docs/results/faults.md';
const marks = ['<!-- chaos: made by npm run chaos -- --results -->', '<!-- /chaos -->'] as const;

/** Writes the results of the newest runs of each scenario. @returns the files that were written. */
export async function writeMatrix(): Promise<string[]> {
  const results: Result[] = [];
  for await (const file of glob('.state/chaos/*/result.json')) {
    results.push(JSON.parse(await readFile(file, 'utf8')));
  }
  const newest = newestOf(results);
  if (newest.length === 0) throw new Error('no scenario was run yet');
  await writeFile(resultsFile, page(newest, await provenanceOf('npm run chaos -- --results')));
  const [before = '', rest = ''] = (await readFile(overviewFile, 'utf8')).split(marks[0]);
  const [, after = ''] = rest.split(marks[1]);
  await writeFile(overviewFile, `${before}${marks[0]}\n\n${overview(newest)}\n\n${marks[1]}${after}`);
  return [resultsFile, overviewFile];
}

/**
 * For each scenario and each length of its faults, the runs on the last commit that it was run on. Runs of different
 * commits are not added up, nor are faults of different lengths.
 */
function newestOf(results: Result[]): Result[] {
  const ordered = results.toSorted((a, b) => a.endedAt.localeCompare(b.endedAt));
  const names = scenarios.map(({ name }) => name);
  return names.flatMap((name) => {
    const runs = ordered.filter(({ scenario }) => scenario === name);
    return [...Map.groupBy(runs, titleOf)]
      .toSorted(([a], [b]) => a.localeCompare(b))
      .flatMap(([, alike]) => alike.filter(({ commit }) => commit === alike.at(-1)?.commit));
  });
}

const titleOf = ({ scenario, holdMs }: Result) =>
  holdMs === undefined ? scenario : `${scenario}, each fault ${format(holdMs)}`;

function page(results: Result[], { command, date, machine }: Provenance): string {
  const sections = [...Map.groupBy(results, titleOf)].map(([title, runs]) => {
    const objections = runs.flatMap((run) =>
      run.objections.map((objection) => `- seed ${run.seed}: ${objection}`),
    );
    const seeds = `${runs.length} ${runs.length === 1 ? 'seed' : 'seeds'}: ${runs.map(({ seed }) => seed).join(', ')}`;
    return [
      `## ${title}`,
      `Client: ${runs[0]?.client}. Commit ${runs[0]?.commit}. ${seeds}. \`${commandOf(runs[0]!)}\` repeats the first.`,
      faultTable(pooled(runs), seedsOf(runs)),
      objections.length > 0 ? `Objections:\n\n${objections.join('\n')}` : 'No checker objected.',
    ].join('\n\n');
  });
  const notRun = scenarios.filter(({ name }) => !results.some(({ scenario }) => scenario === name));
  const missing = notRun.map(({ name }) => `\`${name}\``).join(', ');
  return `# What faults did to shoppers

Written by \`${command}\` from the runs of \`npm run chaos\` and \`npm test\`, on ${date}, on ${machineName(machine)}, everything on that one machine. A row counts what was in progress from the strike until the shop had recovered. Failed: without the right answer after one attempt (one-attempt) or 30 s (retrying). Retried: needed more than one attempt of the client. Lost and doubled: acknowledged orders that were gone, or doubled, on any database node at the end. Longest stall: the longest time that an operation waited for its answer. Uploads and logins are several calls each: they count as tried, but not in the times.

${missing ? `No figures yet of: ${missing}.\n\n` : ''}${sections.join('\n\n')}
`;
}

/** Merges the figures of the same fault in several runs. */
function pooled(runs: Result[]): FaultFigures[] {
  const byFault = Map.groupBy(
    runs.flatMap(({ figures }) => figures),
    ({ fault }) => fault,
  );
  return [...byFault].map(([fault, all]) => {
    const sum = (of: (figures: FaultFigures) => number) =>
      all.reduce((total, figures) => total + of(figures), 0);
    return {
      fault,
      tried: sum(({ tried }) => tried),
      failed: sum(({ failed }) => failed),
      retried: sum(({ retried }) => retried),
      lost: sum(({ lost }) => lost),
      doubled: sum(({ doubled }) => doubled),
      latenciesMs: all.flatMap(({ latenciesMs }) => latenciesMs).sort((a, b) => a - b),
    };
  });
}

function seedsOf(runs: Result[]): Map<string, number> {
  const byFault = Map.groupBy(
    runs.flatMap(({ figures }) => figures),
    ({ fault }) => fault,
  );
  return new Map([...byFault].map(([fault, all]) => [fault, all.length]));
}

/** A line for each kind of container, a column for each fault. */
function overview(results: Result[]): string {
  const figures = pooled(results.filter(({ holdMs }) => holdMs === undefined));
  const columns = ['kill', 'stop', 'pause', 'cut'];
  const cell = (fault: string, target: string) => {
    const found = figures.find((row) => row.fault === `${fault} ${target}`);
    if (!found) return '';
    const { tried, failed, lost, doubled, latenciesMs } = found;
    const orders = lost + doubled > 0 ? `, **${lost} lost, ${doubled} doubled**` : '';
    return `${failed} of ${tried} failed${orders}, longest ${readable(latenciesMs.at(-1))}`;
  };
  const rows = allTargets.map((target) => [`\`${target}\``, ...columns.map((fault) => cell(fault, target))]);
  return table(['operations while it is', ...columns], rows);
}
