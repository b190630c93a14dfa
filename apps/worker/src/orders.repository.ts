import type { ProviderPayment } from '@shop/contracts/payment-provider.ts';
import type { OrderStatus } from '@shop/contracts/values.ts';
import type { Transaction } from '@shop/database/connection.ts';
import { mails, orderLines, orders, payments } from '@shop/database/schema/orders.ts';
import { asc, eq, sql } from 'drizzle-orm';

export async function findOrder(tx: Transaction, id: string) {
  const [order] = await tx.select().from(orders).where(eq(orders.id, id));
  return order;
}

/** The same text for any number of orders, so that the statement stays prepared. */
const isOneOf = (ids: string[]) => sql`${orders.id} = ANY (${sql.param(ids)}::uuid[])`;

/** The orders, with their rows locked until the end of the transaction: every change of a status takes this lock. */
export async function lockOrders(tx: Transaction, ids: string[]) {
  // In the order of their ids: two transactions that lock the same orders cannot deadlock.
  return await tx
    .select({ id: orders.id, status: orders.status })
    .from(orders)
    .where(isOneOf(ids))
    .orderBy(asc(orders.id))
    .for('no key update');
}

export async function findLines(tx: Transaction, orderId: string) {
  return await tx
    .select()
    .from(orderLines)
    .where(eq(orderLines.orderId, orderId))
    .orderBy(asc(orderLines.position));
}

export async function setStatus(tx: Transaction, ids: string[], status: OrderStatus): Promise<void> {
  if (ids.length === 0) return;
  await tx.update(orders).set({ status, updatedAt: sql`now()` }).where(isOneOf(ids));
}

/** Stores the provider's last answer for each order. */
export async function recordPayments(tx: Transaction, all: ProviderPayment[]): Promise<void> {
  if (all.length === 0) return;
  const rows = all.map(
    ({ orderId, capturedCents, refundedCents, reference, status, createdAt, updatedAt }) => ({
      order_id: orderId,
      captured_cents: capturedCents,
      refunded_cents: refundedCents,
      reference,
      failure_reason: status === 'declined' ? 'declined' : null,
      captured_at: status === 'captured' || status === 'refunded' ? createdAt : null,
      refunded_at: status === 'refunded' ? updatedAt : null,
    }),
  );
  await tx.execute(sql`
    INSERT INTO ${payments} (order_id, captured_cents, refunded_cents, reference, failure_reason, captured_at, refunded_at)
    SELECT order_id, captured_cents, refunded_cents, reference, failure_reason, captured_at, refunded_at
    FROM json_populate_recordset(NULL::payments, ${JSON.stringify(rows)}::json)
    ON CONFLICT (order_id) DO UPDATE SET
      captured_cents = excluded.captured_cents, refunded_cents = excluded.refunded_cents,
      reference = excluded.reference, failure_reason = excluded.failure_reason,
      captured_at = excluded.captured_at, refunded_at = excluded.refunded_at`);
}

export type MailRecord = Pick<
  typeof mails.$inferInsert,
  'messageId' | 'orderId' | 'kind' | 'recipient' | 'subject'
>;

/** Records mails that were sent. A mail that is on record already is not changed. */
export async function recordMails(tx: Transaction, all: MailRecord[]): Promise<void> {
  if (all.length === 0) return;
  const column = (name: keyof MailRecord) => sql.param(all.map((mail) => mail[name]));
  await tx.execute(sql`
    INSERT INTO ${mails} (message_id, order_id, kind, recipient, subject)
    SELECT * FROM unnest(${column('messageId')}::text[], ${column('orderId')}::uuid[], ${column('kind')}::text[],
      ${column('recipient')}::text[], ${column('subject')}::text[])
    ON CONFLICT DO NOTHING`);
}
