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
  /** The name of the history's folder. */
  name: string;
  seed?: number | undefined;
  /** `one-attempt` by default. */
  client?: ClientKind;
  /** The edge that the shoppers use first, 0 or 1; those of one attempt know only this one. */
  edge?: 0 | 1;
  unkeyed?: boolean;
  /** The maximum rate in operations a second; lower on a machine that carries less. */
  ratePerSecond?: number;
  /** The products on sale: enough, unless the scenario is about scarcity. */
  stock?: { items: number; initialStock: number };
  /** The products on sale, for a scenario during which no product can be created. */
  items?: Item[];
  baselineMs?: number;
  /** Does the damage. It calls `history.mark` when it strikes, and returns when it is done. */
  fault: (history: History, shoppers: Shoppers) => Promise<void>;
  /** Undoes everything, also after a failure. */
  undo: () => Promise<void>;
  /** How long shoppers continue after it. Longer where the time around a fault would otherwise be cut off. */
  afterMs?: number;
  /** Ends the run early; the faults are undone. */
  signal?: AbortSignal | undefined;
};

/** One for all runs of a process, so that a broken build gets the same choices as the build that passes. */
export const seedOfThisProcess = Number(process.env.CHAOS_SEED ?? randomInt(2 ** 31));

const usualRatePerSecond = 20;
/** Operations in progress up to three seconds after a strike count as "around" it (`enoughAroundFaults`). */
const aroundFaultMs = 3_000;

/** Normal load → fault → load for a while → undo. The result is in the history; the caller judges it. */
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
    // The rarest operations, once each: so that no run lacks them, whatever is drawn.
    void Promise.all([shoppers.burst('upload', 1), shoppers.burst('login', 1)]);
    await sleep(baselineMs, undefined, { signal });
    await scenario.fault(history, shoppers);
    const struckMsAgo = Date.now() - (history.faults.at(-1)?.at ?? 0);
    await sleep(Math.max(afterMs, aroundFaultMs - struckMsAgo), undefined, { signal });
    // A run whose fault stopped every upload would give the checker nothing to check.
    const uploads = history.operations.some(({ upload }) => upload) ? 0 : 1;
    await Promise.all([shoppers.lookAtOwn(), shoppers.burst('upload', uploads)]);
  } finally {
    await shoppers.stop().finally(() => scenario.undo());
  }
  return { name, seed, directory, history, items, shoppers };
}
