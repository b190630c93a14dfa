import { writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { printFailure } from '@shop/command/actionable-error.ts';
import { root } from '@shop/command/folders.ts';
import { positiveNumber } from '@shop/command/whole-number.ts';
import { containersOf } from '@shop/docker/containers.ts';
import type { Topology } from '@shop/docker/topology.ts';
import { type Usage, usageOf } from '@shop/docker/usage.ts';
import { provenanceLine, provenanceOf } from '@shop/report/provenance.ts';
import { right, table } from '@shop/report/table.ts';
import { Command } from 'commander';
import { sum } from 'simple-statistics';
import { onOption, withBenchTopology } from './topology.ts';

/** The sum of what the containers of one kind use while no client calls the shop. */
type Row = { kind: string; containers: number; cores: number; memoryMiB: number };

const goals = { cores: 0.2, memoryGiB: 1.8 };

new Command('npm run bench:idle --')
  .description(
    'Measures what the shop uses while no client calls it: the share of a core and the memory of each container, ' +
      'from the accounts of the kernel. Writes docs/results/idle.md.',
  )
  .option('--seconds <n>', 'length of the measurement', positiveNumber, 60)
  .option(
    '--settle <n>',
    'seconds to wait before the measurement, until the containers have started',
    positiveNumber,
    120,
  )
  .option(...onOption)
  .action(({ seconds, settle, on }: { seconds: number; settle: number; on?: string }) =>
    bench(seconds, settle, on).catch(printFailure),
  )
  .parseAsync();

async function bench(seconds: number, settle: number, on: string | undefined): Promise<void> {
  let rows: Row[] = [];
  await withBenchTopology(on, async (topology) => {
    console.log(`Waiting ${settle} s, then measuring for ${seconds} s`);
    await sleep(settle * 1000);
    rows = await measure(topology, seconds);
  });
  const text = await reportOf(rows, seconds, settle);
  await writeFile(`${root}docs/results/idle.md`, text);
  console.log(`\n${text}\nWritten to docs/results/idle.md.`);
}

/** @returns a row for each kind of container, sorted by processor time, the largest first. */
async function measure(topology: Topology, seconds: number): Promise<Row[]> {
  const containers = (await containersOf(topology)).filter(({ state }) => state === 'running');
  const read = async () =>
    new Map<string, Usage>(
      await Promise.all(containers.map(async ({ name }) => [name, await usageOf(name)] as const)),
    );
  const started = performance.now();
  const before = await read();
  await sleep(seconds * 1000);
  const after = await read();
  const elapsedMs = performance.now() - started;
  const kinds = Map.groupBy(containers, ({ service }) => service.replace(/-\d$/, ''));
  const rows = [...kinds].map(([kind, members]): Row => {
    const names = members.map(({ name }) => name);
    const usedMs = sum(names.map((name) => after.get(name)!.processorMs - before.get(name)!.processorMs));
    const memoryBytes = sum(names.map((name) => after.get(name)!.memoryBytes));
    return {
      kind,
      containers: names.length,
      cores: usedMs / elapsedMs,
      memoryMiB: memoryBytes / 2 ** 20,
    };
  });
  return rows.toSorted((a, b) => b.cores - a.cores);
}

async function reportOf(rows: Row[], seconds: number, settle: number): Promise<string> {
  const total = {
    containers: sum(rows.map(({ containers }) => containers)),
    cores: sum(rows.map(({ cores }) => cores)),
    memoryMiB: sum(rows.map(({ memoryMiB }) => memoryMiB)),
  };
  const cells = ({ containers, cores, memoryMiB }: Omit<Row, 'kind'>) => [
    String(containers),
    cores.toFixed(4),
    memoryMiB.toFixed(0),
  ];
  const heads = ['', right('containers'), right('share of a core'), right('MiB')];
  const lines = [...rows.map((row) => [row.kind, ...cells(row)]), ['all', ...cells(total)]];
  const source = await provenanceOf(`npm run bench:idle -- --seconds ${seconds} --settle ${settle}`);
  const memoryGiB = total.memoryMiB / 1024;
  const said = (measured: number, goal: number) => (measured <= goal ? 'kept' : 'missed');
  return `# What the shop uses while nothing calls it

${provenanceLine(source)}. By the kernel's accounts of the containers over ${seconds} s, health checks and scrapes included; memory without the inactive page cache.

- Processor: ${total.cores.toFixed(2)} of a core (goal: at most ${goals.cores}, ${said(total.cores, goals.cores)}).
- Memory: ${memoryGiB.toFixed(2)} GiB (goal: at most ${goals.memoryGiB}, ${said(memoryGiB, goals.memoryGiB)}).

${table(heads, lines)}
`;
}
