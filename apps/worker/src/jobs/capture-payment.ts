import type { Watermark } from '@shop/database/consistency.ts';
import type { Database } from '@shop/database/database.ts';
import { prepare } from '@shop/database/read-once.ts';
import { findOrder } from '../orders.repository.ts';
import { confirmOpen } from '../outbox.repository.ts';
import type { Event, JobHandler } from './job.ts';

/**
 * Takes the money for an order: `placed` becomes `paid`, or `payment-failed` with its stock returned.
 *
 * Why a second run is safe: the provider takes the money of an order id once, also when its answer was lost. The order
 * moves under the lock of its row, in the transaction that marks the event done. If the order was cancelled before or
 * during the call, the job refunds it; the refund also stops a capture that has not arrived yet.
 */
export const capturePayment: JobHandler<'payment.capture'> = async (services, event) => {
  const { db, provider, catalogCache, records } = services;
  const { orderId } = event.payload;
  const seen = await look(db, event);
  // The API has reported this already, unless it died after its commit.
  await catalogCache.invalidate(seen.productIds, seen.watermark);
  // The relay's commit came after the order's commit, and a standby has it. So the job may act on a `placed` order
  // without a commit of its own. A failover can still take back what happened to the order since then.
  const asPlaced = !seen.done && seen.status === 'placed';
  const { open, status } = asPlaced ? { open: true, status: seen.status } : await lookDurably(db, event);
  if (!open) return;
  if (!status) throw new Error(`order ${orderId} is gone`);

  const wanted = status === 'placed';
  let settled = await records.payment(
    event,
    await (wanted ? provider.capture(orderId, seen.totalCents) : provider.refund(orderId)),
  );
  if (settled.value === 'refund-needed')
    settled = await records.payment(event, await provider.refund(orderId));
  if (settled.value === 'stock-returned') await catalogCache.invalidate(seen.productIds, settled.watermark);
};

type Seen = {
  done: boolean;
  status: string | null;
  totalCents: number;
  productIds: string[];
  /** The same position as the order's commit, or a later one. */
  watermark: Watermark;
};

const captureAsSeen = prepare(
  'worker_capture',
  `SELECT event.done_at IS NOT NULL AS done, orders.status, orders.total_cents AS "totalCents",
     (SELECT json_agg(line.product_id) FROM order_lines AS line WHERE line.order_id = orders.id) AS "productIds",
     json_build_object('lsn', pg_current_wal_insert_lsn()) AS watermark
   FROM outbox AS event LEFT JOIN orders ON orders.id = $2::uuid
   WHERE event.id = $1::uuid`,
);

/** The order as the primary has it now, read in one statement without a commit. */
async function look(db: Database, { id, payload }: Event<'payment.capture'>): Promise<Seen> {
  const [seen] = await db.replica('primary').query<Seen>(captureAsSeen, [id, payload.orderId]);
  if (!seen) return { done: true, status: null, totalCents: 0, productIds: [], watermark: 'primary' };
  return { ...seen, productIds: seen.productIds ?? [] };
}

async function lookDurably(db: Database, event: Event<'payment.capture'>) {
  const { value } = await db.primary.transaction(
    async (tx) => {
      const [open, order] = await Promise.all([confirmOpen(tx, event), findOrder(tx, event.payload.orderId)]);
      return { open, status: order?.status };
    },
    { replayable: true },
  );
  return value;
}
