import { setTimeout as sleep } from 'node:timers/promises';
import type { Order } from '@shop/contracts/orders.ts';
import type { Committed } from '@shop/database/primary.ts';
import type { FastifyInstance } from 'fastify';
import { serverCallKey } from '../cart/call-key.ts';
import { changeCart } from '../cart/cart.repository.ts';
import type { KeyedResponse } from '../idempotency/idempotency.service.ts';

/** Longer than Redis takes to fail over. What is not done by then continues while the answer is sent. */
const waitMs = 2_500;

/**
 * The work after an order has committed; none of it may fail the order's answer. It empties the cart that was ordered,
 * unless the cart has changed, and marks the products as changed in the catalogue's cache. It also runs after a replay,
 * because the replica that placed the order may have died before this.
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
      changeCart(
        app.redisDurable,
        { owner, key: serverCallKey(), ifMatch: [version] },
        { operation: 'clear' },
      ),
    invalidateProducts(app, { value: order, watermark }),
  ]);
  const reported = work.catch((error) => app.log.warn({ err: error }, 'after placing an order'));
  await Promise.race([reported, sleep(waitMs, undefined, { ref: false })]);
}

/** Tells the catalogue's cache that the stock of an order's products has changed; it never fails. */
export async function invalidateProducts(
  app: FastifyInstance,
  { value: order, watermark }: Committed<Order>,
): Promise<void> {
  const productIds = order.items.map(({ productId }) => productId);
  await app.catalog.invalidate(productIds, watermark);
}
