import type { ProviderPayment } from '@shop/contracts/payment-provider.ts';
import type { Transaction } from '@shop/database/connection.ts';
import { changeStock, lockProducts } from '@shop/database/stock.ts';
import { findLines, lockOrders, recordPayments, setStatus } from './orders.repository.ts';
import { type JobRun, markDone } from './outbox.repository.ts';

/** The provider's answer to a run of a job. */
export type Settlement = { run: JobRun; payment: ProviderPayment };

/**
 * `refund-needed`: money was taken for an order that was cancelled or failed meanwhile, and nothing was changed.
 * `stock-returned`: the order has failed. `order-gone`: there is no such order.
 */
export type Settled = 'settled' | 'stock-returned' | 'refund-needed' | 'order-gone';

/**
 * Moves orders to the status that follows from the provider's answers, and marks the events as done, in one
 * transaction. Payment and cancellation compete for the order's row: the transaction that locks it first decides.
 *
 * A failed payment also locks products, after its order. Settle it alone: if another order's row were locked in
 * between, two transactions could wait for each other.
 *
 * @returns the result for each, in the order of the arguments.
 */
export async function settlePayments(tx: Transaction, settlements: Settlement[]): Promise<Settled[]> {
  if (settlements.length === 0) return [];
  const locked = await lockOrders(
    tx,
    settlements.map(({ payment }) => payment.orderId),
  );
  const statusOf = new Map(locked.map(({ id, status }) => [id, status]));
  const outcomes = settlements.map(({ payment }) => outcomeOf(payment, statusOf.get(payment.orderId)));
  const settled = settlements.filter(
    (_, at) => outcomes[at] === 'settled' || outcomes[at] === 'stock-returned',
  );
  const paid = settled.filter(
    ({ payment }) => payment.status === 'captured' && statusOf.get(payment.orderId) === 'placed',
  );
  const failed = settlements.filter((_, at) => outcomes[at] === 'stock-returned');
  // No statement needs the answer of another, so they share one round trip.
  await Promise.all([
    setStatus(
      tx,
      paid.map(({ payment }) => payment.orderId),
      'paid',
    ),
    ...failed.map(({ payment }) => failPayment(tx, payment.orderId)),
    recordPayments(
      tx,
      settled.map(({ payment }) => payment),
    ),
    markDone(
      tx,
      settled.map(({ run }) => run),
    ),
  ]);
  return outcomes;
}

function outcomeOf(payment: ProviderPayment, orderStatus: string | undefined): Settled {
  const taken = payment.status === 'captured';
  if (orderStatus === undefined) return 'order-gone';
  if (orderStatus === 'placed') return taken ? 'settled' : 'stock-returned';
  if (taken && (orderStatus === 'cancelled' || orderStatus === 'payment-failed')) return 'refund-needed';
  return 'settled';
}

/** The provider will never pay for this order, so its stock is returned. */
async function failPayment(tx: Transaction, orderId: string): Promise<void> {
  const lines = await findLines(tx, orderId);
  const returned = lines.map(({ productId, quantity }) => ({ productId, delta: quantity }));
  await Promise.all([
    setStatus(tx, [orderId], 'payment-failed'),
    lockProducts(
      tx,
      returned.map(({ productId }) => productId),
    ),
    changeStock(tx, returned, { reason: 'payment-failed', orderId }),
  ]);
}
