import { setTimeout as sleep } from 'node:timers/promises';
import type { Order } from '@shop/contracts/orders.ts';
import type { Committed } from '@shop/database/primary.ts';
import type { FastifyInstance } from 'fastify';
import { serverCallKey } from '../cart/call-key.ts';
import { changeCart } from '../cart/cart.repository.ts';
import type { KeyedResponse } from '../idempotency/idempotency.service.ts';

/** Longer than Redis takes to fail over. What is not done by then goes on while the answer is on its way. */
const waitMs = 2_500;

/**
 * What follows from an order that stands, so nothing here may fail its answer: the cart that became the order is
 * emptied, if it is still that cart, and the catalogue hears of the stock. Also after a replay: the replica that placed the
 * order may have died before this.
 */
export async function afterOrderCommit(
  app: FastifyInstance,
  owner: string,
  { value: answer, watermark }: Committed<KeyedResponse>,
): Promise<void> {
  const version = answer.context.cartVersion;
  const order = JSON.parse(answer.body) as Order;
  const work = Promise.all([
    version &&
      changeCart(app.redisDurable, owner, serverCallKey(), { operation: 'clear' }, { ifMatch: [version] }),
    invalidateProducts(app, { value: order, watermark }),
  ]);
  const reported = work.catch((error) => app.log.warn({ err: error }, 'after placing an order'));
  await Promise.race([reported, sleep(waitMs, undefined, { ref: false })]);
}

/** The catalogue's cache forgets the products of an order that took stock or gave it back; it never fails. */
export async function invalidateProducts(
  app: FastifyInstance,
  { value: order, watermark }: Committed<Order>,
): Promise<void> {
  const productIds = order.items.map(({ productId }) => productId);
  await app.catalog.invalidate(productIds, watermark);
}
