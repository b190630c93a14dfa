import { writeFile } from 'node:fs/promises';
import { printFailure } from '@shop/command/actionable-error.ts';
import { root } from '@shop/command/folders.ts';
import { positiveNumber } from '@shop/command/whole-number.ts';
import { provenanceLine, provenanceOf } from '@shop/report/provenance.ts';
import { type Cell, right, table } from '@shop/report/table.ts';
import { Command, Option } from 'commander';
import { median } from 'simple-statistics';
import type { Result, Round } from './load/failover.ts';
import { stages } from './load/postgres-failover.ts';
import { measureWith, onOption, withBenchTopology } from './topology.ts';

new Command('npm run bench:failover --')
  .description(
    'Kills and freezes one container after the other under load, measures how long no client gets an answer, and writes docs/results/failover.md.',
  )
  .option('--rounds <n>', 'how often each is struck', positiveNumber, 5)
  .addOption(new Option('--fault <fault>', 'only one of the two').choices(['kill', 'pause']))
  .option(...onOption)
  .action((options: Options) => bench(options).catch(printFailure))
  .parseAsync();

type Options = { rounds: number; fault?: string; on?: string };

async function bench({ rounds, fault, on }: Options): Promise<void> {
  const args = ['--rounds', String(rounds), ...(fault ? ['--fault', fault] : [])];
  let results: Result[] = [];
  await withBenchTopology(on, async (topology) => {
    results = await measureWith<Result[]>(topology, 'failover.ts', args);
  });
  const command = ['npm run bench:failover --', ...args, ...(on ? ['--on', on] : [])].join(' ');
  const report = await reportOf(results, command);
  await writeFile(`${root}docs/results/failover.md`, report);
  console.log(`\n${report}\nWritten to docs/results/failover.md.`);
}

async function reportOf(results: Result[], command: string): Promise<string> {
  const numbers = ['median', 'slowest answer, median', 'p99.9, median', 'failed of asked'].map(right);
  return `# Failover

${provenanceLine(await provenanceOf(command))}, everything on that one machine, the clients too.

A probe asks at a steady rate through one edge, each question once; what it got no good answer for counts as failed. The stall is the longest time in which no client was answered, from the last answer before the kill to the first after it. No test asserts these figures. Orders and carts are asked for ten times a second, \`mixed\` fifty times, uploads five times.

${table(['struck', 'asked', 'longest stall in ms, each round', ...numbers], results.map(rowOf))}

\`order\`: \`POST /api/orders\`; \`cart\`: \`PUT /api/cart/items/…\`; \`upload\`: a picture put and completed; \`mixed\`: orders, lists of orders, products and carts.

## A killed primary of Postgres, step by step

Milliseconds after the container's end, watched every 25 ms; the median of the rounds.

${table(['step', right('ms')], breakdownOf(results))}
`;
}

function rowOf({ target, fault, ask, rounds }: Result): Cell[] {
  const of = (figure: (round: Round) => number) => rounds.map(figure);
  const ms = (value: number) => `${Math.round(value)} ms`;
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
  const stalls = of(({ stallMs }) => stallMs);
  return [
    `${fault} \`${target}\``,
    `\`${ask}\``,
    stalls.map((stall) => Math.round(stall)).join(', '),
    ms(median(stalls)),
    ms(median(of(({ maxMs }) => maxMs))),
    ms(median(of(({ p999Ms }) => p999Ms))),
    `${sum(of(({ failed }) => failed))} of ${sum(of(({ asked }) => asked))}`,
  ];
}

function breakdownOf(results: Result[]): Cell[][] {
  const rounds = results.flatMap((result) => result.rounds).flatMap((round) => round.stages ?? []);
  return stages.map((stage) => {
    const reached = rounds.flatMap((round) => round[stage] ?? []);
    const figure = reached.length > 0 ? Math.round(median(reached)) : 'not seen';
    const missing = reached.length < rounds.length ? ` (seen in ${reached.length} of ${rounds.length})` : '';
    return [stage, `${figure}${missing}`];
  });
}
