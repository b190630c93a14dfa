import { writeFile } from 'node:fs/promises';
import { printFailure } from '@shop/command/actionable-error.ts';
import { root } from '@shop/command/folders.ts';
import { namesFrom } from '@shop/command/names-from.ts';
import { type Report, runSteps } from '@shop/command/steps.ts';
import { positiveNumber, wholeNumberFrom } from '@shop/command/whole-number.ts';
import { composeWith, type Topology } from '@shop/docker/topology.ts';
import { provenanceLine, provenanceOf } from '@shop/report/provenance.ts';
import { Command } from 'commander';
import { type CallCost, type CallRun, costOf, idleRates, medianCost } from './load/call-cost.ts';
import { notesOf } from './load/notes.ts';
import { type PeerCall, type PeerName, peerCalls, peers, peersProject } from './load/peer.ts';
import { columnOf, columnOfOurs, type PeersResult, type Row, reportOf } from './load/peers-report.ts';
import type { Call } from './load/profile-report.ts';
import { measureWith, onOption, withBenchTopology } from './topology.ts';

type Options = { seconds: number; rounds: number; clients: number; only?: PeerName[]; on?: string };

/** One row's measurement of a call. */
type Side = { call: PeerCall; row: Row; measure: (seconds: number) => Promise<CallRun> };

new Command('npm run bench:peers --')
  .description(
    'Compares this shop with Vendure and Medusa, set up as their own documents say for production: the same ' +
      'products, steps and clients, in turns. Counts the processor time of a call in all containers of a shop. ' +
      'Builds and starts them, and removes them afterwards. Writes docs/results/peers.md and peers.json.',
  )
  .option('--seconds <n>', 'length of each measurement', positiveNumber, 6)
  .option('--rounds <n>', 'how often the shops take turns', positiveNumber, 2)
  .option(
    '--clients <n>',
    'clients that call at the same time; the peers know ten',
    wholeNumberFrom(1, 10),
    10,
  )
  .option(
    '--only <peers>',
    `some of the peers, separated by ",": ${peers.join(',')}; prints and writes nothing`,
    namesFrom(peers, ','),
  )
  .option(...onOption)
  .action((options: Options) => bench(options).catch(printFailure))
  .parseAsync();

async function bench({ seconds, rounds, clients, only, on }: Options): Promise<void> {
  const wanted = only ?? peers;
  const costs = new Map<Side, CallCost[]>();
  let idleMsPerSecond: PeersResult['idleMsPerSecond'] = {};
  await withBenchTopology(on, async (topology) => {
    await withPeers(wanted, async () => {
      const sides = sidesOf(topology, wanted, clients);
      const [idle, peersIdle] = await Promise.all([
        idleRates(topology),
        idleRates({ project: peersProject }),
      ]);
      idleMsPerSecond = { 'this shop': sumOf(idle, columnOfOurs) };
      for (const peer of wanted) {
        idleMsPerSecond[peer] = sumOf(peersIdle, (service) => columnOf(peer, service));
      }
      for (let round = 0; round < rounds; round += 1) {
        // The order changes: what else the machine does must not meet the same side each time.
        for (const side of round % 2 === 0 ? sides : sides.toReversed()) {
          const { row } = side;
          const cost =
            row === 'vendure' || row === 'medusa'
              ? costOf(await side.measure(seconds), peersIdle, (service) => columnOf(row, service))
              : costOf(await side.measure(seconds), idle, columnOfOurs);
          costs.set(side, [...(costs.get(side) ?? []), cost]);
          const { totalMs, perSecond } = cost;
          console.log(`${side.call}, ${row}: ${totalMs.toFixed(2)} CPU-ms each, ${perSecond.toFixed(1)} /s`);
        }
      }
    });
  });
  const command = `npm run bench:peers -- --seconds ${seconds} --rounds ${rounds} --clients ${clients}`;
  const result: PeersResult = {
    provenance: provenanceLine(await provenanceOf(command)),
    idleMsPerSecond,
    calls: { order: {}, 'own orders': {}, 'product detail': {}, 'list of 24': {} },
    rounds: [...costs].map(([{ call, row }, measured]) => ({ call, row, costs: measured })),
  };
  for (const [{ call, row }, measured] of costs) result.calls[call][row] = medianCost(measured);
  await report(result, Boolean(only));
}

async function report(result: PeersResult, printOnly: boolean): Promise<void> {
  const page = `${root}docs/results/peers.md`;
  const notes = await notesOf(page);
  const text = reportOf(result, notes);
  console.log(`\n${text}`);
  if (printOnly) return;
  await writeFile(page, text);
  await writeFile(`${root}docs/results/peers.json`, `${JSON.stringify(result, null, 2)}\n`);
  console.log('Written to docs/results/peers.md and peers.json.');
}

/** Our own calls for each step, by their names in bench:profile. */
const ours: Record<PeerCall, Partial<Record<Row, Call>>> = {
  order: { ours: 'cart and order' },
  'own orders': { ours: 'own orders' },
  'product detail': { ours: 'product detail, uncached', 'ours, cached': 'product detail, cached' },
  'list of 24': { ours: 'list, uncached', 'ours, cached': 'list, cached' },
};

function sidesOf(topology: Topology, wanted: readonly PeerName[], clients: number): Side[] {
  const measure = (program: string, args: string[]) => (seconds: number) =>
    measureWith<CallRun>(topology, program, [...args, String(clients), String(seconds)]);
  return peerCalls.flatMap((call) => [
    ...Object.entries(ours[call]).map(([row, own]) => ({
      ...{ call, row: row as Row },
      measure: measure('profile-calls.ts', [own]),
    })),
    ...wanted.map((peer) => ({ call, row: peer, measure: measure('peer-calls.ts', [peer, call]) })),
  ]);
}

/** Milliseconds a second of the services that have a column. */
function sumOf(rates: Map<string, number>, column: (service: string) => string | undefined): number {
  return [...rates].reduce((sum, [service, rate]) => sum + (column(service) ? rate * 1000 : 0), 0);
}

/** Builds and starts the peers with empty stores, and removes them afterwards. */
async function withPeers(wanted: readonly PeerName[], work: () => Promise<void>): Promise<void> {
  const environment = { COMPOSE_PROJECT_NAME: peersProject, COMPOSE_FILE: 'bench/peers/compose.yml' };
  const run = (args: string[], report?: Report) =>
    composeWith(args, { environment, log: 'peers.log', ...(report && { report }) });
  const down = () => run(['down', '--volumes', '--timeout', '5']);
  const services = wanted.flatMap((peer) => servicesOf[peer]);
  const build = async (report: Report) => {
    await run(['build', ...services], report);
    return wanted.join(', ');
  };
  const start = async (report: Report) => {
    // A run that was killed may have left its stores.
    await down();
    await run(['up', '--detach', '--no-build', '--wait', ...services], report);
    return 'serving';
  };
  try {
    await runSteps([
      { title: 'Building the peers', run: build },
      { title: 'Starting the peers and filling their catalogues', run: start },
    ]);
    await work();
  } finally {
    await down();
  }
}

/** The services that serve; compose starts their stores and the seed before them. */
const servicesOf: Record<PeerName, string[]> = {
  vendure: ['vendure-server', 'vendure-worker', 'vendure-mail'],
  medusa: ['medusa-server', 'medusa-worker'],
};
