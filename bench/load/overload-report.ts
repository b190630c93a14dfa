import { overload } from '@shop/chaos/workload/overload.ts';
import { quantileMs, type Sample } from '@shop/load/samples.ts';

/** `node bench/load/overload-report.ts <seconds>`: the experiment, told in one line of JSON. */
const run = await overload(Number(process.argv[2] ?? 60));
const times = (samples: Sample[]) => ({
  count: samples.length,
  medianMs: quantileMs(samples, 0.5),
  p99Ms: quantileMs(samples, 0.99),
  maxMs: quantileMs(samples, 1),
});
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
