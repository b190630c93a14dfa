import { writeFile } from 'node:fs/promises';
import { printFailure } from '@shop/command/actionable-error.ts';
import { root } from '@shop/command/folders.ts';
import { positiveNumber } from '@shop/command/whole-number.ts';
import type { Topology } from '@shop/docker/topology.ts';
import { provenanceLine, provenanceOf } from '@shop/report/provenance.ts';
import { type Cell, right, table } from '@shop/report/table.ts';
import { Command } from 'commander';
import { median } from 'simple-statistics';
import { measureWith, onOption, recreate, unlimited, withBenchTopology } from './topology.ts';

type Figures = { perSecond: number; medianMs: number; p99Ms: number; cpuMs: number };
type Work = 'orders' | 'reads';

/** One way to measure: the work, at how many edges, and what differs in the settings. */
type Side = { name: string; work: Work; edges: number; settings: Record<string, string> };

/** A guarantee, and the side without it; the side with it is the one that has the name of its work. */
type Compared = { name: string; without: string; off: Side };

/** The broken build without a guarantee (docs/decisions/0013-broken-variants.md). */
const broken = (variant: string, work: Work): Side => ({
  ...{ name: variant, work, edges: 2 },
  settings: { BROKEN_VARIANT: variant, SHOP_ENVIRONMENT: 'test' },
});
const untraced = (work: Work): Side => ({
  ...{ name: `${work}, untraced`, work, edges: 2 },
  settings: { OTEL_EXPORTER_OTLP_ENDPOINT: '' },
});

const compared: Compared[] = [
  {
    name: 'Quorum commit',
    without: 'a commit counts once the primary has it',
    off: broken('asynchronous-commit', 'orders'),
  },
  { name: 'Idempotency', without: 'no row for the key', off: broken('no-idempotency-row', 'orders') },
  {
    name: 'Outbox and relay',
    without: 'the replica that committed publishes its events itself, before it answers',
    off: broken('published-after-commit', 'orders'),
  },
  {
    name: 'Read your writes',
    without: 'no comparison of positions; any replica will do',
    off: broken('reads-ignore-the-watermark', 'reads'),
  },
  {
    name: 'Two edges',
    without: 'all clients at one',
    off: { name: 'reads, one edge', work: 'reads', edges: 1, settings: {} },
  },
  { name: 'Tracing', without: 'no span is made', off: untraced('orders') },
  { name: 'Tracing', without: 'no span is made', off: untraced('reads') },
];
const sides: Side[] = [
  { name: 'orders', work: 'orders', edges: 2, settings: {} },
  { name: 'reads', work: 'reads', edges: 2, settings: {} },
  ...compared.map(({ off }) => off),
];
const clients = 16;
/** The services that the sides change, and whose processor time is counted (bench/load/cost-clients.ts). */
const switched = ['api', 'worker', 'payments'];

new Command('npm run bench:costs --')
  .description(
    'Measures what each guarantee costs, with it and without it, and writes docs/results/costs.md.',
  )
  .option('--seconds <n>', 'length of each measurement', positiveNumber, 8)
  .option('--rounds <n>', 'how often the sides take turns', positiveNumber, 3)
  .option(...onOption)
  .action(({ seconds, rounds, on }: { seconds: number; rounds: number; on?: string }) =>
    bench(seconds, rounds, on).catch(printFailure),
  )
  .parseAsync();

async function bench(seconds: number, rounds: number, on: string | undefined): Promise<void> {
  const figures = new Map<string, Figures[]>();
  const note = (side: string, result: Figures) => {
    figures.set(side, [...(figures.get(side) ?? []), result]);
    console.log(
      `${side}: ${Math.round(result.perSecond)} /s, median ${result.medianMs.toFixed(1)} ms, ${result.cpuMs.toFixed(2)} CPU-ms`,
    );
  };
  await withBenchTopology(
    on,
    async (topology) => {
      for (let round = 0; round < rounds; round += 1) {
        // The order of the sides changes: what else the machine does must not meet the same side each time.
        for (const side of round % 2 === 0 ? sides : sides.toReversed()) {
          await recreate(topology, switched, { ...unlimited, ...side.settings });
          note(side.name, await measure(topology, side, seconds));
        }
      }
    },
    switched,
  );
  const text = await reportOf(figures, seconds, rounds);
  await writeFile(`${root}docs/results/costs.md`, text);
  console.log(`\n${text}\nWritten to docs/results/costs.md.`);
}

function measure(topology: Topology, { work, edges }: Side, seconds: number): Promise<Figures> {
  return measureWith<Figures>(topology, 'cost-clients.ts', [work, edges, clients, seconds].map(String));
}

async function reportOf(figures: Map<string, Figures[]>, seconds: number, rounds: number): Promise<string> {
  const rows = compared.map((guarantee) => row(guarantee, figures));
  const source = await provenanceOf(`npm run bench:costs -- --seconds ${seconds} --rounds ${rounds}`);
  const heads = [
    'guarantee',
    'without it',
    'measured by',
    'with it',
    'without it',
    right('with : without'),
    right('CPU with : without'),
  ];
  return `# What each guarantee costs

${provenanceLine(source)}, everything on that one machine, the clients too. ${clients} clients, each of which waits for its answer; ${rounds} rounds in which the sides took turns, medians of the rounds. Orders are of one line for thirty products, reads are of an order that the same session has placed. Each side without a guarantee is a broken build (\`docs/decisions/0013-broken-variants.md\`) or a setting, so it differs in that one mechanism; every measurement begins with new containers. CPU-ms are the processor time of \`api\`, \`worker\` and \`payments\` a call, what follows from it included. On one machine a standby is near: the disk of another, a millisecond away, would add that to every commit.

${table(heads, rows)}
`;
}

function row({ name, without, off }: Compared, figures: Map<string, Figures[]>): Cell[] {
  const of = (side: string, figure: keyof Figures) => median((figures.get(side) ?? []).map((f) => f[figure]));
  const tell = (side: string) =>
    `${Math.round(of(side, 'perSecond'))} /s, median ${of(side, 'medianMs').toFixed(1)} ms, p99 ${Math.round(of(side, 'p99Ms'))} ms, ${of(side, 'cpuMs').toFixed(2)} CPU-ms`;
  const ratio = (figure: keyof Figures) => (of(off.work, figure) / of(off.name, figure)).toFixed(2);
  return [name, without, off.work, tell(off.work), tell(off.name), ratio('perSecond'), ratio('cpuMs')];
}
