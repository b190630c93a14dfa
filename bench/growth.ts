import { writeFile } from 'node:fs/promises';
import { ActionableError, printFailure } from '@shop/command/actionable-error.ts';
import { root } from '@shop/command/folders.ts';
import { positiveNumber } from '@shop/command/whole-number.ts';
import { compose, type Topology } from '@shop/docker/topology.ts';
import { provenanceLine, provenanceOf } from '@shop/report/provenance.ts';
import { right, table } from '@shop/report/table.ts';
import { Command } from 'commander';
import { median } from 'simple-statistics';
import { onPrimary } from './load/database.ts';
import { notesOf } from './load/notes.ts';
import { measureWith, withBenchTopology } from './topology.ts';

type Options = { from: number; to: number; seconds: number; rounds: number; clients: number };
/** Of the JSON of one run of `load/profile-calls.ts`. */
type Run = { medianMs: number; p99Ms: number };

/** `whoami` reads no order: it shows how much the machine itself changed between the two measurements. */
const measured = ['order', 'own orders', 'whoami'] as const;
type Call = (typeof measured)[number];
type Figures = Record<Call, Run[]>;

const goal = 1.15;

new Command('npm run bench:growth --')
  .description(
    'Measures whether placing and listing orders get slower while orders accumulate: the 99th percentile with a million ' +
      'orders ÷ the one with ten thousand. Starts a topology of its own. Writes docs/results/growth.md.',
  )
  .option('--from <n>', 'orders at the first measurement', positiveNumber, 10_000)
  .option('--to <n>', 'orders at the second measurement', positiveNumber, 1_000_000)
  .option('--seconds <n>', 'length of each measurement', positiveNumber, 10)
  .option('--rounds <n>', 'how often the calls take turns', positiveNumber, 5)
  .option('--clients <n>', 'clients that call at the same time', positiveNumber, 2)
  .action((options: Options) => bench(options).catch(printFailure))
  .parseAsync();

async function bench(options: Options): Promise<void> {
  const { from, to } = options;
  if (to <= from)
    throw new ActionableError(`--to ${to} is not more than --from ${from}.`, 'give a larger --to');
  const figures: Figures[] = [];
  await withBenchTopology(undefined, async (topology) => {
    for (const more of [from, to - from]) {
      await loadOrders(topology, more);
      figures.push(await measureCalls(topology, options));
    }
  });
  const file = `${root}docs/results/growth.md`;
  const notes = await notesOf(file);
  const text = `${await reportOf(figures, options)}\n${notes}`.trimEnd();
  await writeFile(file, `${text}\n`);
  console.log(`\n${text}\nWritten to docs/results/growth.md.`);
}

/** Loads completed orders of a year, and brings what Postgres knows of its tables up to date. */
async function loadOrders(topology: Topology, count: number): Promise<void> {
  console.log(`Loading ${count} orders`);
  const run = ['run', '--rm', '--no-deps', '--no-TTY', 'seed', 'more', '--orders', String(count)];
  await compose(topology, run);
  const psql = ['psql', '--username=postgres', '--dbname=shop', '--quiet', '--file=-'];
  await onPrimary(topology, psql, 'VACUUM ANALYZE; CHECKPOINT;');
}

async function measureCalls(topology: Topology, { seconds, rounds, clients }: Options): Promise<Figures> {
  const figures: Figures = { order: [], 'own orders': [], whoami: [] };
  for (let round = 0; round < rounds; round += 1) {
    for (const call of measured) {
      const run = await measureWith<Run>(topology, 'profile-calls.ts', [
        call,
        String(clients),
        String(seconds),
      ]);
      figures[call].push(run);
      console.log(`${call}: median ${run.medianMs.toFixed(1)} ms, p99 ${run.p99Ms.toFixed(1)} ms`);
    }
  }
  return figures;
}

async function reportOf(
  [few, many]: Figures[],
  { from, to, seconds, rounds, clients }: Options,
): Promise<string> {
  const of = (figures: Figures | undefined, call: Call, figure: keyof Run) =>
    median((figures?.[call] ?? []).map((run) => run[figure]));
  const rows = measured.flatMap((call) =>
    (['medianMs', 'p99Ms'] as const).map((figure) => {
      const [before, after] = [of(few, call, figure), of(many, call, figure)];
      const judged = figure === 'p99Ms' && call !== 'whoami';
      return [
        `${call}, ${figure === 'p99Ms' ? 'p99' : 'median'}`,
        `${before.toFixed(1)} ms`,
        `${after.toFixed(1)} ms`,
        (after / before).toFixed(2),
        judged ? `at most ${goal}: ${after / before <= goal ? 'kept' : 'missed'}` : '',
      ];
    }),
  );
  const count = (n: number) => right(`${n.toLocaleString('en')} orders`);
  const source = await provenanceOf(
    `npm run bench:growth -- --from ${from} --to ${to} --seconds ${seconds} --rounds ${rounds} --clients ${clients}`,
  );
  return `# Orders that accumulate

${provenanceLine(source)}, everything on that one machine, the clients too. ${clients} clients through an edge, each of which waits for its answer; medians of ${rounds} rounds of ${seconds} s. A client lists its own newest orders. \`whoami\` reads no order: its ratio says how much the machine itself changed between the two measurements.

${table(['', count(from), count(to), right('ratio'), 'goal'], rows)}

The first orders are loaded with \`npm run seed\`'s program, as completed orders of a year; then the calls are measured; then the other orders are loaded, and the same calls are measured again.
`;
}
