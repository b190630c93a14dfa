import { writeFile } from 'node:fs/promises';
import { printFailure } from '@shop/command/actionable-error.ts';
import { root } from '@shop/command/folders.ts';
import { positiveNumber } from '@shop/command/whole-number.ts';
import { readable, type Summary } from '@shop/report/figures.ts';
import { provenanceLine, provenanceOf } from '@shop/report/provenance.ts';
import { type Cell, table } from '@shop/report/table.ts';
import { Command } from 'commander';
import { measureWith, onOption, withBenchTopology } from './topology.ts';

/** The JSON of bench/load/overload-report.ts. */
type Report = {
  peakPerSecond: number;
  peakMedianMs: number;
  offeredPerSecond: number;
  goodputPerSecond: number;
  clientsShare: { peak: number; rush: number };
  accepted: Summary;
  refused: Summary;
  otherStatuses: number[];
  recovered: Summary;
  recoveredRefused: number;
};

new Command('npm run bench:overload --')
  .description('Offers the shop five times the orders that it carries, and writes docs/results/overload.md.')
  .option('--seconds <n>', 'how long', positiveNumber, 60)
  .option('--rounds <n>', 'how often', positiveNumber, 3)
  .option(...onOption)
  .action(({ seconds, rounds, on }: { seconds: number; rounds: number; on?: string }) =>
    bench(seconds, rounds, on).catch(printFailure),
  )
  .parseAsync();

async function bench(seconds: number, rounds: number, on: string | undefined): Promise<void> {
  const reports: Report[] = [];
  await withBenchTopology(on, async (topology) => {
    for (let round = 0; round < rounds; round += 1) {
      reports.push(await measureWith<Report>(topology, 'overload-report.ts', [String(seconds)]));
      console.log(row(reports.at(-1)!).join(' | '));
    }
  });
  const source = await provenanceOf(`npm run bench:overload -- --seconds ${seconds} --rounds ${rounds}`);
  const text = `# Overload

${provenanceLine(source)}, everything on that one machine, the clients too. Both edges, three replicas; orders of one line for thirty products. First the peak is found by 32 clients that wait for each answer, then five times that many orders a second are offered for ${seconds} s, whether the shop keeps up or not; then two seconds of quiet, then one client again.

${table(columns, reports.map(row))}

The [promise](../guarantees.md): the excess is refused with 429 and \`Retry-After\` at a median under 100 ms, at least 0.9 of the peak is carried meanwhile, nothing is answered otherwise, and two seconds later all is as before. Its chaos spec asks for a share of 0.4, because its clients use a part of the same machine, and must fail on an API that admits every request.
`;
  await writeFile(`${root}docs/results/overload.md`, text);
  console.log(`\n${text}\nWritten to docs/results/overload.md.`);
}

const columns = [
  'peak',
  'offered',
  'orders made meanwhile',
  'of the peak',
  "clients' part of the processors: at the peak, meanwhile",
  'of the peak, their part taken out',
  'accepted: median, p99, slowest',
  'refused with 429: how many, median, p99',
  'answered otherwise',
  'two seconds later: refused, median',
];

function row(report: Report): Cell[] {
  const { peakPerSecond, offeredPerSecond, goodputPerSecond, clientsShare, accepted, refused, recovered } =
    report;
  const ofPeak = goodputPerSecond / peakPerSecond;
  const percent = (share: number) => `${Math.round(share * 100)} %`;
  const rate = (perSecond: number) => `${Math.round(perSecond)} /s`;
  return [
    rate(peakPerSecond),
    rate(offeredPerSecond),
    rate(goodputPerSecond),
    ofPeak.toFixed(2),
    `${percent(clientsShare.peak)}, ${percent(clientsShare.rush)}`,
    (ofPeak * ((1 - clientsShare.peak) / (1 - clientsShare.rush))).toFixed(2),
    [accepted.medianMs, accepted.p99Ms, accepted.maxMs].map(readable).join(', '),
    `${refused.count}, ${readable(refused.medianMs)}, ${readable(refused.p99Ms)}`,
    report.otherStatuses.length,
    `${report.recoveredRefused} of ${recovered.count}, ${readable(recovered.medianMs)}`,
  ];
}
