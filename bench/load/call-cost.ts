import { setTimeout as sleep } from 'node:timers/promises';
import type { Topology } from '@shop/docker/topology.ts';
import { type ProcessorTimes, processorTimesOf } from '@shop/docker/usage.ts';
import { median } from 'simple-statistics';

/** What one measurement of a call has counted; `processorMs` by service, what follows from the calls included. */
export type CallRun = {
  calls: number;
  seconds: number;
  medianMs: number;
  elapsedMs: number;
  processorMs: Record<string, number>;
};

/** The cost of one call: the mean over a measurement. */
export type CallCost = {
  /** Milliseconds of processor time by tier. */
  tiersMs: Record<string, number>;
  totalMs: number;
  perSecond: number;
  medianMs: number;
};

/** Milliseconds of processor time by service that were used between two readings. */
export function usedBetween(before: ProcessorTimes, after: ProcessorTimes): Record<string, number> {
  return Object.fromEntries([...after].map(([service, ms]) => [service, ms - (before.get(service) ?? 0)]));
}

/** Milliseconds of processor time that each service uses in a millisecond while no client calls. */
export async function idleRates(topology: Pick<Topology, 'project'>): Promise<Map<string, number>> {
  const idleMs = 20_000;
  const before = await processorTimesOf(topology);
  await sleep(idleMs);
  const used = usedBetween(before, await processorTimesOf(topology));
  return new Map(Object.entries(used).map(([service, ms]) => [service, ms / idleMs]));
}

/** @param tierOf the tier of a service; undefined for a service that is not counted. */
export function costOf(
  run: CallRun,
  idle: Map<string, number>,
  tierOf: (service: string) => string | undefined,
): CallCost {
  const tiers: Record<string, number> = {};
  for (const [service, usedMs] of Object.entries(run.processorMs)) {
    const tier = tierOf(service);
    if (!tier) continue;
    const spentMs = usedMs - (idle.get(service) ?? 0) * run.elapsedMs;
    tiers[tier] = (tiers[tier] ?? 0) + spentMs / run.calls;
  }
  return {
    tiersMs: tiers,
    totalMs: Object.values(tiers).reduce((sum, ms) => sum + ms, 0),
    perSecond: run.calls / run.seconds,
    medianMs: run.medianMs,
  };
}

/** The median of each figure over the rounds. */
export function medianCost(rounds: CallCost[]): CallCost {
  const of = (figure: (round: CallCost) => number) => median(rounds.map(figure));
  const tiers = [...new Set(rounds.flatMap(({ tiersMs }) => Object.keys(tiersMs)))];
  return {
    tiersMs: Object.fromEntries(tiers.map((tier) => [tier, of(({ tiersMs }) => tiersMs[tier] ?? 0)])),
    totalMs: of(({ totalMs }) => totalMs),
    perSecond: of(({ perSecond }) => perSecond),
    medianMs: of(({ medianMs }) => medianMs),
  };
}
