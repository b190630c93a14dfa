import { loginsPromise, lostLogins } from '@shop/chaos/checkers/logins-hold.ts';
import { type LinesByNode, orderFindings, ordersPromise } from '@shop/chaos/checkers/orders-exist-once.ts';
import { ownWritesPromise, staleReads } from '@shop/chaos/checkers/own-writes-are-read.ts';
import { describe } from '@shop/chaos/workload/describe.ts';
import type { History, Operation } from '@shop/chaos/workload/history.ts';
import type { Item } from '@shop/chaos/workload/items.ts';
import type { Counterexample } from '../../shared/shoppers.ts';

/** `about`: the order or the operation; no other violation of the same history has it. */
export type Violation = Omit<Counterexample, 'at'> & { about: string };

/** What the sessions themselves show: stale reads and lost logins. `nameOf` names the customer of a session. */
export function judgeSessions(
  history: History,
  items: Item[],
  nameOf: (session: string) => string,
): Violation[] {
  const { stale } = staleReads(history, items);
  const customerOf = ({ session }: Operation) => nameOf(session);
  return [
    ...stale.map(({ counterexample, about }) => ({
      kind: 'staleReads' as const,
      about: `read ${about.at(-1)!.id}`,
      customer: customerOf(about.at(-1)!),
      expected: ownWritesPromise,
      seen: counterexample,
      history: describe(history, about, 20),
    })),
    ...lostLogins(history).map((refused) => ({
      kind: 'lostLogins' as const,
      about: `call ${refused.id}`,
      customer: customerOf(refused),
      expected: loginsPromise,
      seen: `${refused.kind} was answered ${refused.status}`,
      history: describe(history, [refused]),
    })),
  ];
}

/** What the tables of the database nodes show: lost and doubled orders, one violation for each order. */
export function judgeTables(
  history: History,
  lines: LinesByNode,
  nameOf: (session: string) => string,
): Violation[] {
  const byOrder = Map.groupBy(orderFindings(history, lines), ({ kind, orderId }) => `${kind} ${orderId}`);
  return [...byOrder].map(([about, [first]]) => {
    const { kind, what, about: operations } = first!;
    const [call] = operations;
    return {
      kind,
      about,
      customer: call ? nameOf(call.session) : 'unknown',
      expected: ordersPromise,
      seen: what,
      history: describe(history, operations, 20),
    };
  });
}
