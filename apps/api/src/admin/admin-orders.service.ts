import type { Order } from '@shop/contracts/orders.ts';
import type { Transaction } from '@shop/database/connection.ts';
import { setStatus, toOrder } from '../orders/orders.repository.ts';
import { ProblemError } from '../problem-error.ts';
import { lockAnyOrder } from './admin-orders.repository.ts';

/**
 * Ships a paid order. For an order that is shipped already it changes nothing. The lock on the row makes even that
 * transaction wait for a standby at its commit.
 *
 * @throws ProblemError `not-found` or `order-not-shippable`.
 */
export async function shipOrder(tx: Transaction, orderId: string): Promise<Order> {
  const order = await lockAnyOrder(tx, orderId);
  if (!order) throw new ProblemError('not-found');
  if (order.status === 'shipped') return toOrder(order);
  if (order.status !== 'paid') {
    throw new ProblemError('order-not-shippable', { detail: `The order is ${order.status}` });
  }
  return toOrder({ ...order, ...(await setStatus(tx, orderId, 'shipped')) });
}
