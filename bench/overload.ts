import { writeFile } from 'node:fs/promises';
import { printFailure } from '@shop/command/actionable-error.ts';
import { root } from '@shop/command/folders.ts';
import { Command } from 'commander';
import { measureWith, onOption, provenance, withBenchTopology } from './topology.ts';

/** What bench/load/overload-report.ts prints. */
type Report = {
  peakPerSecond: number;
  peakMedianMs: number;
  offeredPerSecond: number;
  goodputPerSecond: number;
  clientsShare: { peak: number; rush: number };
  accepted: Times;
  refused: Times;
  otherStatuses: number[];
  recovered: Times;
  recoveredRefused: number;
};
type Times = { count: number; medianMs: number; p99Ms: number; maxMs: number };

new Command('npm run bench:overload --')
  .description('Offers the shop five times the orders that it carries, and writes docs/results/overload.md.')
  .option('--seconds <n>', 'how long', '60')
  .option('--rounds <n>', 'how often', '3')
  .option(...onOption)
  .action(({ seconds, rounds, on }: { seconds: string; rounds: string; on?: string }) =>
    bench(Number(seconds), Number(rounds), on).catch(printFailure),
  )
  .parseAsync();

async function bench(seconds: number, rounds: number, on: string | undefined): Promise<void> {
  const reports: Report[] = [];
  await withBenchTopology(on, async (topology) => {
    for (let round = 0; round < rounds; round += 1) {
      reports.push(await measureWith<Report>(topology, 'overload-report.ts', [String(seconds)]));
      console.log(row(reports.at(-1)!));
    }
  });
  const text = `# Overload

${await provenance(`npm run bench:overload -- --seconds ${seconds} --rounds ${rounds}`)} Both edges, three replicas; orders of one line for thirty products. First the peak is found by 32 clients who wait for each answer, then five times that many orders a second are offered for ${seconds} s, whether the shop keeps up or not; then two seconds of quiet, then one client again.

| peak | offered | orders made meanwhile | of the peak | clients' part of the processors: at the peak, meanwhile | of the peak, their part taken out | accepted: median, p99, slowest | refused with 429: how many, median, p99 | answered otherwise | two seconds later: refused, median |
|---|---|---|---|---|---|---|---|---|---|
${reports.map(row).join('\n')}

The promise (DESIGN, 9): the excess is refused with 429 and \`Retry-After\` at a median under 100 ms, at least 0.9 of the peak is carried meanwhile, nothing is answered otherwise, and two seconds later all is as before. \`tests/chaos/overload.spec.ts\` holds the shop to the facts of it, with a share of 0.4 since the crowd takes its part of the machine, and objects to an API that admits every request.
`;
  await writeFile(`${root}docs/results/overload.md`, text);
  console.log(`\n${text}\nWritten to docs/results/overload.md.`);
}

function row(report: Report): string {
  const { peakPerSecond, offeredPerSecond, goodputPerSecond, clientsShare, accepted, refused, recovered } =
    report;
  const ofPeak = goodputPerSecond / peakPerSecond;
  const percent = (share: number) => `${Math.round(share * 100)} %`;
  const rate = (perSecond: number) => `${Math.round(perSecond)} /s`;
  const ms = (value: number) => `${Math.round(value)} ms`;
  const cells = [
    rate(peakPerSecond),
    rate(offeredPerSecond),
    rate(goodputPerSecond),
    ofPeak.toFixed(2),
    `${percent(clientsShare.peak)}, ${percent(clientsShare.rush)}`,
    (ofPeak * ((1 - clientsShare.peak) / (1 - clientsShare.rush))).toFixed(2),
    `${ms(accepted.medianMs)}, ${ms(accepted.p99Ms)}, ${ms(accepted.maxMs)}`,
    `${refused.count}, ${ms(refused.medianMs)}, ${ms(refused.p99Ms)}`,
    report.otherStatuses.length,
    `${report.recoveredRefused} of ${recovered.count}, ${ms(recovered.medianMs)}`,
  ];
  return `| ${cells.join(' | ')} |`;
}
