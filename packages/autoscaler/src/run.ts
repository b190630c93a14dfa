import { setTimeout as sleep } from 'node:timers/promises';
import { type ScaledReplica, scaledReplicasOf, scaleIn, scaleOut } from '@shop/docker/scaling.ts';
import type { Topology } from '@shop/docker/topology.ts';
import { Autoscaler, type AutoscalerOptions, type Decision } from './autoscaler.ts';
import { type Metric, valuesByAddress } from './metrics.ts';
import type { MeasuredReplica } from './recommend.ts';

export type RunOptions = AutoscalerOptions & {
  service: string;
  metric: Metric;
  intervalMs: number;
  readyTimeoutMs: number;
  /** Ends the loop; the replicas stay. */
  signal: AbortSignal;
  /** Receives a line for each decision, and for its result. */
  say: (line: string) => void;
  /** Receives each decision, before it is carried out. */
  decided?: (decision: Decision) => void;
};

/**
 * Measures, decides and scales, once in each interval, until the signal is aborted. After a failure it reports that and
 * continues.
 */
export async function autoscale(topology: Topology, options: RunOptions): Promise<void> {
  const autoscaler = new Autoscaler(options);
  const { intervalMs, signal, say } = options;
  const turn = () =>
    decideAndScale(topology, autoscaler, options).catch((error: unknown) => {
      if (!signal.aborted) say(`nothing done: ${error instanceof Error ? error.message : error}`);
    });
  while (!signal.aborted) {
    const nextAt = performance.now() + intervalMs;
    await turn();
    // Starting and draining can take longer than an interval; missed intervals are skipped.
    await sleep(Math.max(0, nextAt - performance.now()), undefined, { signal }).catch(() => {});
  }
}

async function decideAndScale(
  topology: Topology,
  autoscaler: Autoscaler,
  options: RunOptions,
): Promise<void> {
  const { service, metric, say, decided, signal } = options;
  const replicas = await scaledReplicasOf(topology, service);
  const values = await valuesByAddress(topology, metric, service);
  const decision = autoscaler.decide(measured(replicas, values), Date.now());
  say(tell(decision, options));
  decided?.(decision);
  const { current, wanted } = decision;
  if (wanted === current || signal.aborted) return;
  const startedAt = performance.now();
  if (wanted > current) await scaleOut(topology, service, wanted, options);
  else await scaleIn(topology, service, wanted);
  autoscaler.changed(wanted - current, Date.now());
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  say(`${wanted} replicas serve, ${wanted > current ? 'ready' : 'drained'} after ${seconds} s`);
}

function measured(replicas: ScaledReplica[], values: Map<string, number>): MeasuredReplica[] {
  return replicas.map(({ name, ready, addresses }) => ({
    name,
    ready,
    value: addresses.map((address) => values.get(address)).find((value) => value !== undefined),
  }));
}

/** A decision in one line: what was measured, what the rule recommends, and what is done. */
export function tell(
  { current, wanted, recommendation, reason }: Decision,
  { metric, target }: { metric: Metric; target: number },
): string {
  const figures = recommendation
    ? `${metric.name} ${recommendation.average.toPrecision(3)} of ${target} ${metric.unit} (ratio ${recommendation.ratio.toFixed(2)}): ${recommendation.replicas} recommended`
    : `${metric.name} not measured`;
  const action = wanted === current ? `stays at ${current}` : `${current} → ${wanted}`;
  return `${figures}; ${action}, ${reason}`;
}
