import type { Reply } from '@shop/shop-client/shop-client.ts';
import type { Choice } from './choices.ts';
import type { Operation } from './history.ts';
import type { Item } from './items.ts';
import type { Shopper } from './shopper.ts';

/** A shopper's next operation: the shopper, the choice, and the record of the outcome. */
export type Turn = { shopper: Shopper; operation: Operation; item: Item; choice: Choice };

/**
 * Performs one operation and records what it wrote or saw. @throws Complaint when the answer is not what the contract
 * says.
 */
export type Perform = (turn: Turn) => Promise<void>;

/** An answer that the contract does not allow here. */
export class Complaint extends Error {}

export function expectStatus(reply: Reply, ...statuses: number[]): Reply {
  if (statuses.includes(reply.status)) return reply;
  const body = JSON.stringify(reply.body).slice(0, 200);
  throw new Complaint(`expected ${statuses.join(' or ')}, got ${reply.status} ${body}`);
}
