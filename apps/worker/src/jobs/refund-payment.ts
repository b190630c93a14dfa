import { beginAttempt } from '../outbox.repository.ts';
import { settlePayment } from '../settle-payment.ts';
import type { JobHandler } from './job.ts';

/**
 * Gives back the money of an order that was cancelled after it had been paid.
 *
 * Why running it again is safe: the provider gives back what it took once an order's id; what we keep of its answer
 * is the same each time and is written in the transaction that marks the event done.
 */
export const refundPayment: JobHandler<'payment.refund'> = async ({ db, provider }, { id, payload }) => {
  const { value: open } = await db.primary.transaction((tx) => beginAttempt(tx, id), { replayable: true });
  if (!open) return;
  const payment = await provider.refund(payload.orderId);
  await db.primary.transaction((tx) => settlePayment(tx, id, payment), { replayable: true });
};
