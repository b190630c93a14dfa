import { writeFile } from 'node:fs/promises';
import { printFailure } from '@shop/command/actionable-error.ts';
import { root } from '@shop/command/folders.ts';
import type { Topology } from '@shop/docker/topology.ts';
import { provenanceLine, provenanceOf } from '@shop/report/provenance.ts';
import { type Cell, right, table } from '@shop/report/table.ts';
import { Command } from 'commander';
import { median } from 'simple-statistics';
import { measureWith, onOption, recreate, unlimited, withBenchTopology } from './topology.ts';

type Figures = { perSecond: number; medianMs: number; p99Ms: number };
type Work = 'orders' | 'reads';

/** A guarantee, its measurement, and the broken build without it (docs/decisions/0013-broken-variants.md). */
type Guarantee = { name: string; without: string; work: Work; variant: string };

const guarantees: Guarantee[] = [
  {
    name: 'Quorum commit',
    without: 'a commit counts once the primary has it',
    work: 'orders',
    variant: 'asynchronous-commit',
  },
  { name: 'Idempotency', without: 'no row for the key', work: 'orders', variant: 'no-idempotency-row' },
  {
    name: 'Outbox and relay',
    without: 'the replica that committed publishes its events itself, before it answers',
    work: 'orders',
    variant: 'published-after-commit',
  },
  {
    name: 'Read your writes',
    without: 'no comparison of positions; any replica will do',
    work: 'reads',
    variant: 'reads-ignore-the-watermark',
  },
];
const clients = 16;
/** The services that the variants of the table above change. */
const switched = ['api', 'worker'];

new Command('npm run bench:costs --')
  .description(
    'Measures what each guarantee costs, with it and without it, and writes docs/results/costs.md.',
  )
  .option('--seconds <n>', 'length of each measurement', '8')
  .option('--rounds <n>', 'how often the sides take turns', '3')
  .option(...onOption)
  .action(({ seconds, rounds, on }: { seconds: string; rounds: string; on?: string }) =>
    bench(Number(seconds), Number(rounds), on).catch(printFailure),
  )
  .parseAsync();

async function bench(seconds: number, rounds: number, on: string | undefined): Promise<void> {
  const figures = new Map<string, Figures[]>();
  const note = (side: string, result: Figures) => {
    figures.set(side, [...(figures.get(side) ?? []), result]);
    console.log(`${side}: ${Math.round(result.perSecond)} /s, median ${result.medianMs.toFixed(1)} ms`);
  };
  await withBenchTopology(on, async (topology) => {
    for (let round = 0; round < rounds; round += 1) {
      await recreate(topology, switched, unlimited);
      note('orders', await measure(topology, 'orders', 2, seconds));
      // The side that runs later has warmer replicas, so the sides take turns at being first.
      const edges = [1, 2];
      if (round % 2 === 0) edges.reverse();
      for (const count of edges)
        note(count === 1 ? 'one edge' : 'reads', await measure(topology, 'reads', count, seconds));
      for (const { variant, work } of guarantees) {
        const broken = { BROKEN_VARIANT: variant, SHOP_ENVIRONMENT: 'test' };
        await recreate(topology, switched, { ...unlimited, ...broken });
        note(variant, await measure(topology, work, 2, seconds));
      }
    }
  });
  const text = await reportOf(figures, seconds, rounds);
  await writeFile(`${root}docs/results/costs.md`, text);
  console.log(`\n${text}\nWritten to docs/results/costs.md.`);
}

function measure(topology: Topology, work: Work, edges: number, seconds: number): Promise<Figures> {
  return measureWith<Figures>(topology, 'cost-clients.ts', [work, edges, clients, seconds].map(String));
}

async function reportOf(figures: Map<string, Figures[]>, seconds: number, rounds: number): Promise<string> {
  const rows = [
    ...guarantees.map(({ name, without, work, variant }) =>
      row({ name, without, work, off: variant }, figures),
    ),
    row({ name: 'Two edges', without: 'all clients at one', work: 'reads', off: 'one edge' }, figures),
  ];
  const source = await provenanceOf(`npm run bench:costs -- --seconds ${seconds} --rounds ${rounds}`);
  const heads = ['guarantee', 'without it', 'measured by', 'with it', 'without it', right('with : without')];
  return `# What each guarantee costs

${provenanceLine(source)}, everything on that one machine, the clients too. ${clients} clients, each of which waits for its answer; ${rounds} rounds in which the sides took turns, medians of the rounds. Orders are of one line for thirty products, reads are of an order that the same session has placed. Each side without a guarantee is the broken build of the same name (\`docs/decisions/0013-broken-variants.md\`), so it differs in that one mechanism. On one machine a standby is near: the disk of another, a millisecond away, would add that to every commit.

${table(heads, rows)}
`;
}

/** `off` is the side without the guarantee. */
function row(
  { name, without, work, off }: { name: string; without: string; work: Work; off: string },
  figures: Map<string, Figures[]>,
): Cell[] {
  const of = (side: string, figure: keyof Figures) => median((figures.get(side) ?? []).map((f) => f[figure]));
  const tell = (side: string) =>
    `${Math.round(of(side, 'perSecond'))} /s, median ${of(side, 'medianMs').toFixed(1)} ms, p99 ${Math.round(of(side, 'p99Ms'))} ms`;
  const ratio = (of(work, 'perSecond') / of(off, 'perSecond')).toFixed(2);
  return [name, without, work, tell(work), tell(off), ratio];
}
