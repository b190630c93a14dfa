import { confirmOpen } from '../outbox.repository.ts';
import type { JobHandler } from './job.ts';

/**
 * Returns the money of an order that was cancelled after it had been paid.
 *
 * Why a second run is safe: the provider refunds an order id once. Its answer is the same each time, and is stored in
 * the transaction that marks the event done.
 */
export const refundPayment: JobHandler<'payment.refund'> = async ({ db, provider, records }, event) => {
  const { value: open } = await db.primary.transaction((tx) => confirmOpen(tx, event), { replayable: true });
  if (!open) return;
  await records.payment(event, await provider.refund(event.payload.orderId));
};
