import type { ProviderPayment } from '@shop/contracts/payment-provider.ts';
import type { Transaction } from '@shop/database/connection.ts';
import { changeStock, lockProducts } from '@shop/database/stock.ts';
import { findLines, lockOrder, recordPayment, setStatus } from './orders.repository.ts';
import { markDone } from './outbox.repository.ts';

/**
 * Moves an order to where the provider's answer puts it, and marks the event as done, in one transaction. Paying and
 * cancelling race on the order's row: the transaction that locks it first decides.
 *
 * @returns `refund-needed` when money was taken for an order that was cancelled meanwhile. Then nothing was changed.
 */
export async function settlePayment(
  tx: Transaction,
  eventId: string,
  payment: ProviderPayment,
): Promise<'settled' | 'refund-needed'> {
  const order = await lockOrder(tx, payment.orderId);
  if (!order) throw new Error(`order ${payment.orderId} is gone`);
  const taken = payment.status === 'captured';
  if (order.status === 'placed') {
    await Promise.all(taken ? [setStatus(tx, order.id, 'paid')] : [failPayment(tx, order.id)]);
  } else if (taken && (order.status === 'cancelled' || order.status === 'payment-failed')) {
    return 'refund-needed';
  }
  await Promise.all([recordPayment(tx, payment), markDone(tx, eventId)]);
  return 'settled';
}

/** The provider will never pay for this order: its stock goes back. */
async function failPayment(tx: Transaction, orderId: string): Promise<void> {
  const lines = await findLines(tx, orderId);
  const returned = lines.map(({ productId, quantity }) => ({ productId, delta: quantity }));
  await Promise.all([
    setStatus(tx, orderId, 'payment-failed'),
    lockProducts(
      tx,
      returned.map(({ productId }) => productId),
    ),
    changeStock(tx, returned, 'payment-failed', orderId),
  ]);
}
