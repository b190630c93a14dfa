import { findLines, findOrder } from '../orders.repository.ts';
import { beginAttempt } from '../outbox.repository.ts';
import { settlePayment } from '../settle-payment.ts';
import type { JobHandler } from './job.ts';

/**
 * Takes the money for an order: `placed` becomes `paid`, or `payment-failed` with its stock returned.
 *
 * Why running it again is safe: the provider takes money once an order's id, whatever became of its answer; the
 * order moves under its row's lock, in the transaction that marks the event done. An order that was cancelled, before
 * we asked or while we did, is refunded instead, and the refund also stops a capture that is still on its way.
 */
export const capturePayment: JobHandler<'payment.capture'> = async (services, { id, payload }) => {
  const { db, provider, catalogCache } = services;
  const { orderId } = payload;
  const { value: begun, watermark } = await db.primary.transaction(
    async (tx) => {
      const [open, order, lines] = await Promise.all([
        beginAttempt(tx, id),
        findOrder(tx, orderId),
        findLines(tx, orderId),
      ]);
      return { open, order, productIds: lines.map(({ productId }) => productId) };
    },
    { replayable: true },
  );
  // The API has said so already, unless it died after its commit.
  await catalogCache.invalidate(begun.productIds, watermark);
  if (!begun.open) return;
  if (!begun.order) throw new Error(`order ${orderId} is gone`);

  const { status, totalCents } = begun.order;
  const settle = async (payment: Awaited<ReturnType<typeof provider.capture>>) =>
    await db.primary.transaction((tx) => settlePayment(tx, id, payment), { replayable: true });

  const wanted = status === 'placed';
  let settled = await settle(
    await (wanted ? provider.capture(orderId, totalCents) : provider.refund(orderId)),
  );
  if (settled.value === 'refund-needed') settled = await settle(await provider.refund(orderId));
  await catalogCache.invalidate(begun.productIds, settled.watermark);
};
