import { randomInt } from 'node:crypto';
import { orderLinesByNode } from '@shop/chaos/checkers/orders-exist-once.ts';
import { caughtUpNodes } from '@shop/chaos/topology/quiesce.ts';
import { makeItems } from '@shop/chaos/workload/items.ts';
import { Shoppers } from '@shop/chaos/workload/shoppers.ts';
import { edges } from '@shop/shop-client/topology-under-test.ts';
import type { Shape } from '../../shared/shoppers.ts';
import { Judge, type ReadTables } from './judge.ts';
import type { Violation } from './judged.ts';
import type { LiveHistory } from './live-history.ts';

/** Products of its own for each round, so that orders of other people do not change its sums. */
const products = 8;
/** A node that is further behind is not compared in this look. */
const behindMs = 5_000;

const readTables: ReadTables = async (items) => orderLinesByNode(items, await caughtUpNodes(behindMs));

/** Twelve customers who shop until the round is stopped, and their judge. */
export interface Round {
  readonly history: LiveHistory;
  readonly judge: Judge;
  /** Ends the load, and resolves when every operation has ended. */
  stop(): Promise<void>;
}

export type StartRound = (
  shape: Shape,
  history: LiveHistory,
  found: (violation: Violation) => void,
) => Promise<Round>;

/** @throws when the shop creates no products or customers. */
export const startRound: StartRound = async ({ perSecond, mix }, history, found) => {
  const seed = Number(process.env.CHAOS_SEED ?? randomInt(2 ** 31));
  console.log(`shoppers: ${perSecond} operations a second, ${mix} mix, seed ${seed}`);
  // A person may have struck the first edge.
  const items = await makeItems(edges[0], products).catch(() => makeItems(edges[1], products));
  const options = { edge: edges[0], history, items, seed, client: 'retrying' as const, mix };
  const shoppers = new Shoppers({ ...options, ratePerSecond: perSecond });
  await shoppers.start();
  const nameOf = (session: string) => `${session} (${shoppers.named(session).account.email})`;
  const judge = new Judge({ history, items, read: readTables, nameOf, found });
  return { history, judge, stop: () => shoppers.stop() };
};
