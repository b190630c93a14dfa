import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { printFailure } from '@shop/command/actionable-error.ts';
import { root, stateDir } from '@shop/command/folders.ts';
import { positiveNumber } from '@shop/command/whole-number.ts';
import { servicesOf } from '@shop/docker/services.ts';
import { compose, edgeOrigins, type Topology } from '@shop/docker/topology.ts';
import { usageOf } from '@shop/docker/usage.ts';
import { provenanceLine, provenanceOf } from '@shop/report/provenance.ts';
import { right, table } from '@shop/report/table.ts';
import { Command } from 'commander';
import { execa } from 'execa';
import { median } from 'simple-statistics';
import { autocannon } from './load/in-network.ts';
import { notesOf } from './load/notes.ts';
import { onOption, unlimited, withBenchTopology } from './topology.ts';

type Side = 'bare nginx, a file' | 'bare nginx, its cache' | 'the edge' | 'the edge without its log';
type Figures = { processorUs: number; perSecond: number };
/** The goal: processor time of bare nginx ÷ processor time of the edge, for the same bytes. */
const goals: Partial<Record<Side, number>> = { 'the edge': 0.8, 'the edge without its log': 0.9 };

/** A page of 24 products, as the storefront requests it. */
const list = '/api/products?limit=24';
const connections = 10;
const folder = `${stateDir}bench-edge/`;

new Command('npm run bench:edge --')
  .description(
    "Measures what an answer from the edge's cache costs, compared with plain nginx that sends the same bytes: the " +
      'processor time of a request, from the accounts of the kernel, and the requests a second. Needs Linux. Writes ' +
      'docs/results/edge.md.',
  )
  .option('--seconds <n>', 'length of each measurement', positiveNumber, 4)
  .option('--rounds <n>', 'how often the sides take turns, in alternating order', positiveNumber, 7)
  .option(...onOption)
  .action(({ seconds, rounds, on }: { seconds: number; rounds: number; on?: string }) =>
    bench(seconds, rounds, on).catch(printFailure),
  )
  .parseAsync();

async function bench(seconds: number, rounds: number, on: string | undefined): Promise<void> {
  const figures = new Map<Side, Figures[]>();
  let bytes = 0;
  await withBenchTopology(on, async (topology) => {
    await compose(topology, ['--profile', 'test', 'build', 'integration'], { log: 'build-test.log' });
    bytes = await keepList(topology);
    const bare = await runBare(topology);
    const silent = await runSilent(topology);
    const sides: [Side, container: string, path: string][] = [
      ['bare nginx, a file', bare, '/file'],
      ['bare nginx, its cache', bare, list],
      ['the edge', `${topology.project}-edge-1-1`, list],
      ['the edge without its log', silent, list],
    ];
    try {
      for (let round = 0; round < rounds; round += 1) {
        for (const [side, container, path] of round % 2 === 0 ? sides : sides.toReversed()) {
          const measured = await measure(topology, container, path, seconds);
          figures.set(side, [...(figures.get(side) ?? []), measured]);
          console.log(`${side}: ${measured.processorUs.toFixed(1)} µs, ${Math.round(measured.perSecond)} /s`);
        }
      }
    } finally {
      await execa('docker', ['rm', '--force', '--volumes', bare, silent]);
    }
  });
  const file = `${root}docs/results/edge.md`;
  const notes = await notesOf(file);
  const text = `${await reportOf(figures, bytes, seconds, rounds)}\n${notes}`.trimEnd();
  await writeFile(file, `${text}\n`);
  console.log(`\n${text}\nWritten to docs/results/edge.md.`);
}

/** Writes the catalogue's answer to a file, for bare nginx. @returns its length in bytes. */
async function keepList(topology: Topology): Promise<number> {
  const reply = await fetch(`${edgeOrigins(topology)[0]}${list}`, {
    headers: { 'accept-encoding': 'identity' },
  });
  if (!reply.ok) throw new Error(`${list}: ${reply.status}`);
  const body = Buffer.from(await reply.arrayBuffer());
  await mkdir(folder, { recursive: true });
  await writeFile(`${folder}list.json`, body);
  return body.length;
}

/** Starts nginx of the edge's image with a configuration of its own. @returns its container's name. */
async function runBare(topology: Topology): Promise<string> {
  const name = `${topology.project}-bench-bare-${randomUUID().slice(0, 6)}`;
  const image = (await servicesOf(topology))['edge-1']!.image;
  await execa('docker', [
    ...['run', '--detach', '--name', name, '--network', `${topology.project}_app`, '--tmpfs', '/tmp'],
    ...[
      '--volume',
      `${root}bench/load/bare-nginx.conf:/etc/bare.conf:ro`,
      '--volume',
      `${folder}:/srv/bare:ro`,
    ],
    ...['--entrypoint', 'nginx', image, '-c', '/etc/bare.conf', '-g', 'daemon off;'],
  ]);
  return name;
}

/** Starts an edge that writes no log. @returns its container's name. */
async function runSilent(topology: Topology): Promise<string> {
  const name = `${topology.project}-bench-silent-${randomUUID().slice(0, 6)}`;
  await compose(
    topology,
    [
      ...['run', '--detach', '--no-deps', '--name', name],
      // A spool of its own: an edge deletes the files of its spool at its start.
      ...['--volume', '/var/spool/edge'],
      ...['--volume', `${root}bench/load/edge-without-log.conf:/etc/nginx/log.conf:ro`, 'edge-1'],
    ],
    { environment: unlimited },
  );
  return name;
}

async function measure(
  topology: Topology,
  container: string,
  path: string,
  seconds: number,
): Promise<Figures> {
  const before = await usageOf(container);
  const url = `http://${container}:8080${path}`;
  const requests = await autocannon(topology, url, { connections, seconds });
  const after = await usageOf(container);
  return {
    processorUs: ((after.processorMs - before.processorMs) / requests.total) * 1000,
    perSecond: requests.average,
  };
}

async function reportOf(
  figures: Map<Side, Figures[]>,
  bytes: number,
  seconds: number,
  rounds: number,
): Promise<string> {
  const of = (side: Side, figure: keyof Figures) => median((figures.get(side) ?? []).map((f) => f[figure]));
  const ratio = (side: Side) => of('bare nginx, a file', 'processorUs') / of(side, 'processorUs');
  const rows = [...figures.keys()].map((side) => {
    const goal = goals[side];
    const kept = goal === undefined ? '' : `at least ${goal}: ${ratio(side) >= goal ? 'kept' : 'missed'}`;
    const [us, perSecond] = [of(side, 'processorUs').toFixed(1), Math.round(of(side, 'perSecond'))];
    return [side, us, ratio(side).toFixed(2), kept, `${perSecond} /s`];
  });
  const heads = [
    '',
    right('µs of processor time a request'),
    right('bare file : this'),
    'goal',
    right('rate'),
  ];
  const source = await provenanceOf(`npm run bench:edge -- --seconds ${seconds} --rounds ${rounds}`);
  return `# What an answer from the edge's cache costs

${provenanceLine(source)}, everything on that one machine, the clients too. \`GET ${list}\`, ${bytes} bytes, ${connections} connections that each wait for their answer. Processor time is that of nginx' container, by the kernel's account; medians of ${rounds} rounds in which the sides took turns in alternating order. The rate says less: the clients share the processors with nginx.

${table(heads, rows)}

Bare nginx is the same program from the same image with \`bench/load/bare-nginx.conf\`: one process, no log, no header of ours, no limit. Its cache stands before the same API.
`;
}
