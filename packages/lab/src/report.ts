import { mkdir, writeFile } from 'node:fs/promises';
import { root, stateDir } from '@shop/command/folders.ts';
import { right, table } from '@shop/report/table.ts';
import type { NamedLab } from './catalogue.ts';
import type { Verdict } from './claims.ts';
import { barsOf, cell, format } from './format.ts';
import { htmlOf } from './html.ts';
import { type Column, type Figures, runsOf } from './lab.ts';
import type { Played } from './play.ts';

/** The list of labs for the terminal. */
export function listOfLabs(labs: NamedLab[]): string {
  const width = Math.max(...labs.map(({ name }) => name.length));
  const lines = labs.map(({ name, lab }) => `  ${name.padEnd(width)}  ${lab.question}`);
  return `\nLabs, in the order of learning:\n\n${lines.join('\n')}\n\nRun one: \`npm run lab -- ${labs[0]?.name}\`; all in their shortest form: \`npm run lab -- all --quick\`.`;
}

/** What will be played, for the terminal. */
export function introductionOf({ name, lab }: NamedLab, quick: boolean): string {
  const lines = [
    `Question    ${lab.question}`,
    `Hypothesis  ${lab.hypothesis}`,
    `Runs        ${runsOf(lab, quick)
      .map((run) => (run.control ? `${run.name} (control)` : run.name))
      .join('\n              ')}`,
  ];
  return `\nLab ${name}: ${lab.title}\n\n  ${lines.join('\n  ')}\n`;
}

/** What a lab found, for the terminal; the same is written as one HTML file below `.state/labs/`. */
export async function reportOf(played: Played): Promise<string> {
  const { name, lab, figures, results, verdicts, quick, seed } = played;
  const file = `${stateDir}labs/${name}.html`;
  await mkdir(`${stateDir}labs`, { recursive: true });
  await writeFile(file, htmlOf(played));
  return [
    tableOf(figures, lab.columns),
    plotOf(figures, lab.plot, lab.columns[lab.plot]),
    verdicts.map((verdict) => `${verdict.holds ? '✔' : '✖'} ${lineOf(verdict)}`).join('\n'),
    `What it means  ${lab.meaning(results)}`,
    ...(lab.hides ? [`Your guess     \`npm run lab -- ${name} --seed ${seed} --reveal\` tells`] : []),
    `In the code    ${[`labs/${name}/`, ...lab.code].join('\n               ')}`,
    `Try next       ${lab.tryNext.join('\n               ')}${quick ? '\n               without --quick: longer runs and narrower margins' : ''}`,
    `As a page      ${file.replace(root, '')}`,
  ].join('\n\n');
}

/** One line a lab: its first claim and whether all of its claims hold. */
export function summaryOf(played: Played[]): string {
  const rows = played.map(({ name, verdicts, tookMs }) => [
    name,
    verdicts[0]?.says ?? '',
    format(verdicts[0]?.measured ?? Number.NaN, 2),
    verdicts.every(({ holds }) => holds) ? 'hold' : 'FAIL',
    `${Math.round(tookMs / 1000)} s`,
  ]);
  return `\n${table(['lab', 'first claim', right('measured'), 'all claims', right('time')], rows)}`;
}

/** The figures of the runs side by side, as Markdown that is readable in a terminal, too. */
export function tableOf(figures: Map<string, Figures>, columns: Record<string, Column>): string {
  const heads = Object.values(columns).map(({ title, unit }) => right(unit ? `${title} (${unit})` : title));
  const rows = [...figures].map(([run, values]) => [
    run,
    ...Object.entries(columns).map(([name, { digits }]) => cell(values[name], digits)),
  ]);
  return table(['run', ...heads], rows);
}

/** The claims as a list in Markdown. */
export function verdictsOf(verdicts: Verdict[]): string {
  return verdicts.map((verdict) => `- ${lineOf(verdict)}${verdict.holds ? '' : ': fails'}`).join('\n');
}

/** One bar a run, as long as its figure. */
function plotOf(figures: Map<string, Figures>, name: string, column: Column | undefined): string {
  const values = barsOf(figures, name);
  const most = Math.max(...values.map(([, value]) => value), Number.MIN_VALUE);
  const width = Math.max(...values.map(([run]) => run.length));
  const bar = (value: number) => '█'.repeat(Math.round((40 * value) / most));
  const lines = values.map(
    ([run, value]) => `${run.padEnd(width)}  ${bar(value)} ${format(value, column?.digits ?? 0)}`,
  );
  return [`${column?.title ?? name}${column?.unit ? ` (${column.unit})` : ''}`, ...lines].join('\n');
}

function lineOf({ says, measured, bound, control }: Verdict): string {
  return `${control ? 'control: ' : ''}${says}: ${format(measured, 2)} (${bound})`;
}
