import { overload } from '@shop/chaos/workload/overload.ts';
import type { Sample } from '@shop/load/samples.ts';
import { summaryOf } from '@shop/report/figures.ts';

/** `node bench/load/overload-report.ts <seconds>`: runs the experiment and prints the result as one line of JSON. */
const run = await overload(Number(process.argv[2] ?? 60));
const times = (samples: Sample[]) => summaryOf(samples.map(({ tookMs }) => tookMs));
const { peakPerSecond, peakMedianMs, offeredPerSecond, goodputPerSecond, clientsShare, other, recovered } =
  run;
console.log(
  JSON.stringify({
    peakPerSecond,
    peakMedianMs,
    offeredPerSecond,
    goodputPerSecond,
    clientsShare,
    accepted: times(run.accepted),
    refused: times(run.refused),
    otherStatuses: other.map(({ status }) => status),
    recovered: times(recovered),
    recoveredRefused: recovered.filter(({ status }) => status !== 201).length,
  }),
);
process.exit(0);
