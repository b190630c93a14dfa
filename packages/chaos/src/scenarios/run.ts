import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { edges } from '@shop/shop-client/topology-under-test.ts';
import { carriedPerSecond } from '../workload/calibration.ts';
import type { ClientKind } from '../workload/calls.ts';
import { History } from '../workload/history.ts';
import { type Item, makeItems } from '../workload/items.ts';
import { Shoppers } from '../workload/shoppers.ts';

export type Run = {
  name: string;
  seed: number;
  directory: string;
  history: History;
  items: Item[];
  shoppers: Shoppers;
};

export type Scenario = {
  /** Names the folder of the history. */
  name: string;
  seed?: number | undefined;
  /** `one-attempt` unless told otherwise. */
  client?: ClientKind;
  /** Which edge the shoppers use first, 0 or 1; those of one attempt know only this one. */
  edge?: 0 | 1;
  unkeyed?: boolean;
  /** At most so many operations begin a second; fewer on a machine that carries less. */
  ratePerSecond?: number;
  /** What there is to buy: enough, unless the scenario is about scarcity. */
  stock?: { items: number; initialStock: number };
  /** What there is to buy, where no item can be made while the scenario runs. */
  items?: Item[];
  baselineMs?: number;
  /** Does the damage; calls `history.mark` when it strikes, and returns when nothing more is to happen. */
  fault: (history: History, shoppers: Shoppers) => Promise<void>;
  /** Puts everything back, whatever happened. */
  undo: () => Promise<void>;
  /** How long shoppers go on after it; longer where a fault would otherwise be cut off in what counts as around it. */
  afterMs?: number;
  /** Ends the run before its time; what is struck is put back. */
  signal?: AbortSignal | undefined;
};

/** One for all runs of a process, so that a broken build is shown the same choices as the one that passes. */
const seedOfThisProcess = Number(process.env.CHAOS_SEED ?? randomInt(2 ** 31));

const usualRatePerSecond = 20;
/** Operations in progress up to three seconds after a strike count as around it (`enoughAroundFaults`). */
const aroundFaultMs = 3_000;

/** Baseline → fault → go on for a while → undo. What came of it is in the history; the caller judges. */
export async function runScenario(scenario: Scenario): Promise<Run> {
  const { signal, edge = 0, baselineMs = 1_000, afterMs = 1_000, name } = scenario;
  const { client = 'one-attempt', unkeyed = false, stock = { items: 30, initialStock: 100_000 } } = scenario;
  const { seed = seedOfThisProcess } = scenario;
  const directory = `.state/chaos/${name}-${seed}`;
  console.log(`${name}, seed ${seed} (CHAOS_SEED=${seed} repeats the same choices), history in ${directory}`);
  const ratePerSecond = Math.min(scenario.ratePerSecond ?? usualRatePerSecond, await carriedPerSecond());
  const history = new History(`${directory}/history.ndjson`, ratePerSecond);
  const items = scenario.items ?? (await makeItems(edges[edge], stock.items, stock.initialStock));
  const shoppers = new Shoppers({ edge: edges[edge], history, items, seed, client, unkeyed, ratePerSecond });
  await shoppers.start();
  try {
    // The rarest of what shoppers do: so that no run is without, whatever is drawn.
    void Promise.all([shoppers.burst('upload', 1), shoppers.burst('login', 1)]);
    await sleep(baselineMs, undefined, { signal });
    await scenario.fault(history, shoppers);
    const struckMsAgo = Date.now() - (history.faults.at(-1)?.at ?? 0);
    await sleep(Math.max(afterMs, aroundFaultMs - struckMsAgo), undefined, { signal });
    await shoppers.lookAtOwn();
  } finally {
    await shoppers.stop().finally(() => scenario.undo());
  }
  return { name, seed, directory, history, items, shoppers };
}
