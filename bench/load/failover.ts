import { setTimeout as sleep } from 'node:timers/promises';
import { killed } from '@shop/chaos/faults/kill.ts';
import { paused } from '@shop/chaos/faults/pause.ts';
import { recovered } from '@shop/chaos/topology/recovery.ts';
import { find, type Target } from '@shop/chaos/topology/targets.ts';
import { latencyMs, longestStall, Probe, type Timing } from '@shop/load/probe.ts';
import { Command } from 'commander';
import { makeAsks } from './asks.ts';
import { FailoverWatch, type Stage } from './postgres-failover.ts';

/** The container to strike, the fault, and the calls meanwhile. */
type Measurement = {
  target: Target;
  fault: 'kill' | 'pause';
  ask: 'order' | 'cart' | 'upload' | 'mixed';
  /**
   * Calls a second. When all clients wait, the shop serves the waiting calls together after the stall: the more there are,
   * the later the first one ends. So the rate is part of the result.
   */
  ratePerSecond: number;
  /** How long the probe goes on calling after the strike: longer than the stall. */
  windowMs: number;
};

export type Round = {
  stallMs: number;
  maxMs: number;
  p999Ms: number;
  asked: number;
  failed: number;
  stages?: Partial<Record<Stage, number>>;
};
export type Result = Pick<Measurement, 'target' | 'fault' | 'ask'> & { rounds: Round[] };

const measurements: Measurement[] = [
  { target: 'db-primary', fault: 'kill', ask: 'order', ratePerSecond: 10, windowMs: 8_000 },
  { target: 'redis-primary', fault: 'kill', ask: 'cart', ratePerSecond: 10, windowMs: 6_000 },
  { target: 'api', fault: 'kill', ask: 'mixed', ratePerSecond: 50, windowMs: 5_000 },
  { target: 'pgbouncer', fault: 'kill', ask: 'mixed', ratePerSecond: 50, windowMs: 5_000 },
  { target: 'haproxy', fault: 'kill', ask: 'mixed', ratePerSecond: 50, windowMs: 5_000 },
  { target: 'minio', fault: 'kill', ask: 'upload', ratePerSecond: 5, windowMs: 6_000 },
  { target: 'db-primary', fault: 'pause', ask: 'order', ratePerSecond: 10, windowMs: 12_000 },
  { target: 'redis-primary', fault: 'pause', ask: 'cart', ratePerSecond: 10, windowMs: 6_000 },
  { target: 'minio', fault: 'pause', ask: 'upload', ratePerSecond: 5, windowMs: 14_000 },
];

/** How long the shop runs without a fault before each strike. */
const baselineMs = 2_000;

new Command('node bench/load/failover.ts')
  .description(
    'Strikes one container after the other while a probe asks, and prints as JSON how long no client was answered.',
  )
  .option('--rounds <n>', 'how often each measurement is taken', '5')
  .option('--only <target>', 'measurements of one target')
  .option('--fault <fault>', 'kill or pause')
  .action(async ({ rounds, only, fault }: { rounds: string; only?: string; fault?: string }) => {
    const wanted = measurements.filter(
      (measurement) => (!only || measurement.target === only) && (!fault || measurement.fault === fault),
    );
    console.log(JSON.stringify(await measure(wanted, Number(rounds))));
    process.exit(0);
  })
  .parseAsync();

async function measure(wanted: Measurement[], rounds: number): Promise<Result[]> {
  const asks = await makeAsks();
  const results: Result[] = [];
  for (const measurement of wanted) {
    const { target, fault, ask } = measurement;
    const result: Result = { target, fault, ask, rounds: [] };
    for (let round = 0; round < rounds; round += 1) {
      result.rounds.push(await strikeOnce(measurement, asks));
      console.error(`${fault} ${target}: ${JSON.stringify(result.rounds.at(-1))}`);
    }
    results.push(result);
  }
  return results;
}

async function strikeOnce(
  { target, fault, ask, ratePerSecond, windowMs }: Measurement,
  asks: Awaited<ReturnType<typeof makeAsks>>,
): Promise<Round> {
  const container = await find(target);
  const damage = { kill: killed, pause: paused }[fault](container);
  const watch = target === 'db-primary' && fault === 'kill' ? new FailoverWatch(container) : undefined;
  const probe = new Probe(asks[ask], ratePerSecond);
  probe.start();
  try {
    await sleep(baselineMs);
    await watch?.start();
    await damage.strike();
    await sleep(windowMs);
    const samples = await probe.stop();
    const stall = longestStall(samples);
    const stages = await watch?.stop(stall.endedAt);
    const failures = samples.flatMap(({ error }) => (error ? [error] : []));
    for (const error of failures.slice(0, 3)) console.error(`  ${error}`);
    console.error(`  slowest: ${describeSlowest(samples, stall.endedAt)}`);
    return {
      stallMs: stall.lengthMs,
      maxMs: latencyMs(samples, 1),
      p999Ms: latencyMs(samples, 0.999),
      asked: samples.length,
      failed: failures.length,
      ...(stages && { stages }),
    };
  } finally {
    await probe.stop();
    await damage.undo();
    await recovered([container]);
  }
}

/** Explains a stall: the slowest requests, and how long before its end a client sent each. */
function describeSlowest(samples: Timing[], stallEndedAt: number): string {
  return samples
    .map(({ startedAt, endedAt }, index) => ({ index, startedAt, tookMs: endedAt - startedAt }))
    .toSorted((a, b) => b.tookMs - a.tookMs)
    .slice(0, 5)
    .map(
      ({ index, startedAt, tookMs }) => `#${index} ${tookMs} ms, asked ${stallEndedAt - startedAt} ms before`,
    )
    .join('; ');
}
