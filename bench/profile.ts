import { writeFile } from 'node:fs/promises';
import { printFailure } from '@shop/command/actionable-error.ts';
import { root } from '@shop/command/folders.ts';
import { namesFrom } from '@shop/command/names-from.ts';
import { positiveNumber } from '@shop/command/whole-number.ts';
import type { Topology } from '@shop/docker/topology.ts';
import { processorTimesOf } from '@shop/docker/usage.ts';
import { provenanceLine, provenanceOf } from '@shop/report/provenance.ts';
import { Command } from 'commander';
import { median } from 'simple-statistics';
import { type CallRun, costOf, idleRates, medianCost } from './load/call-cost.ts';
import { notesOf } from './load/notes.ts';
import { runPgbench, withProductsToOrder } from './load/pgbench.ts';
import { type Call, type CallFigures, calls, type Profile, reportOf, tierOf } from './load/profile-report.ts';
import { measureWith, onOption, withBenchTopology } from './topology.ts';

type Options = { seconds: number; rounds: number; clients: number; only?: Call[]; on?: string };
/** The JSON of one run of `load/profile-calls.ts`. */
type Run = CallRun & { commits: number; requestsToPostgres: number };

new Command('npm run bench:profile --')
  .description(
    'Measures what a call costs: milliseconds of processor time of each tier, from the accounts of the kernel. ' +
      'The figures include everything that the call causes, and exclude what an idle topology uses. The same run ' +
      'measures the order by pgbench. Writes docs/results/profile.md and docs/results/profile.json.',
  )
  .option('--seconds <n>', 'length of each measurement', positiveNumber, 8)
  .option('--rounds <n>', 'how often the calls take turns', positiveNumber, 3)
  .option('--clients <n>', 'clients that call at the same time', positiveNumber, 10)
  .option(
    '--only <calls>',
    `some of the calls, separated by ";": ${calls.join('; ')}; prints and writes nothing`,
    namesFrom(calls, ';'),
  )
  .option(...onOption)
  .action((options: Options) => bench(options).catch(printFailure))
  .parseAsync();

async function bench({ seconds, rounds, clients, only, on }: Options): Promise<void> {
  const wanted = only ?? calls;
  const runs = new Map<string, CallFigures[]>();
  const note = (call: string, figures: CallFigures) => {
    runs.set(call, [...(runs.get(call) ?? []), figures]);
    const { totalMs, perSecond } = figures;
    console.log(`${call}: ${totalMs.toFixed(3)} ms of processor time each, ${Math.round(perSecond)} /s`);
  };
  await withBenchTopology(on, async (topology) => {
    const idle = await idleRates(topology);
    await withProductsToOrder(topology, async () => {
      for (let round = 0; round < rounds; round += 1) {
        note('pgbench', await pgbenchFigures(topology, clients, seconds));
        for (const call of wanted) {
          const args = [call, String(clients), String(seconds)];
          note(call, figuresOf(await measureWith<Run>(topology, 'profile-calls.ts', args), idle));
        }
      }
    });
  });
  const profile: Profile = {
    provenance: provenanceLine(
      await provenanceOf(
        `npm run bench:profile -- --seconds ${seconds} --rounds ${rounds} --clients ${clients}`,
      ),
    ),
    calls: Object.fromEntries([...runs].map(([call, figures]) => [call, medianOf(figures)])),
  };
  const notes = await notesOf(`${root}docs/results/profile.md`);
  const text = reportOf(profile, notes);
  console.log(`\n${text}`);
  if (only) return;
  await writeFile(`${root}docs/results/profile.md`, text);
  await writeFile(`${root}docs/results/profile.json`, `${JSON.stringify(profile, null, 2)}\n`);
  console.log('Written to docs/results/profile.md and profile.json.');
}

function figuresOf(run: Run, idle: Map<string, number>): CallFigures {
  return {
    ...costOf(run, idle, tierOf),
    commits: run.commits / run.calls,
    requestsToPostgres: run.requestsToPostgres / run.calls,
  };
}

/** The same transaction without the shop. The figure includes the idle use and pgbench's own work. */
async function pgbenchFigures(topology: Topology, clients: number, seconds: number): Promise<CallFigures> {
  const before = await processorTimesOf(topology);
  const latenciesMs = await runPgbench(topology, clients, seconds);
  const after = await processorTimesOf(topology);
  const databases = [...after.keys()].filter((service) => tierOf(service) === 'Postgres');
  const usedMs = databases.reduce((sum, name) => sum + (after.get(name) ?? 0) - (before.get(name) ?? 0), 0);
  const eachMs = usedMs / latenciesMs.length;
  return {
    tiersMs: { Postgres: eachMs },
    totalMs: eachMs,
    perSecond: latenciesMs.length / seconds,
    medianMs: median(latenciesMs),
    commits: 1,
    requestsToPostgres: 8,
  };
}

function medianOf(rounds: CallFigures[]): CallFigures {
  const of = (figure: (round: CallFigures) => number) => median(rounds.map(figure));
  return {
    ...medianCost(rounds),
    commits: of(({ commits }) => commits),
    requestsToPostgres: of(({ requestsToPostgres }) => requestsToPostgres),
  };
}
