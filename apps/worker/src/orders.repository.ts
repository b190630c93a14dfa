import type { ProviderPayment } from '@shop/contracts/payment-provider.ts';
import type { OrderStatus } from '@shop/contracts/values.ts';
import type { Transaction } from '@shop/database/connection.ts';
import { type mails, orderLines, orders } from '@shop/database/schema/orders.ts';
import { inside, type NamedStatement } from '@shop/database/statement.ts';
import { asc, eq } from 'drizzle-orm';

export async function findOrder(tx: Transaction, id: string) {
  const [order] = await tx.select().from(orders).where(eq(orders.id, id));
  return order;
}

/** In the order of their ids: two transactions that lock the same orders cannot deadlock. */
const lockById: NamedStatement = {
  name: 'lock_orders',
  text: 'SELECT id, status FROM orders WHERE id = ANY ($1::uuid[]) ORDER BY id FOR NO KEY UPDATE',
};

/** The orders, with their rows locked until the end of the transaction: every change of a status takes this lock. */
export async function lockOrders(tx: Transaction, ids: string[]) {
  return await inside(tx)<{ id: string; status: OrderStatus }>(lockById, [ids]);
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
  await inside(tx)(changeStatus, [ids, status]);
}

const changeStatus: NamedStatement = {
  name: 'change_status',
  text: 'UPDATE orders SET status = $2::text, updated_at = now() WHERE id = ANY ($1::uuid[])',
};

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
  await inside(tx)(upsertPayments, [JSON.stringify(rows)]);
}

const upsertPayments: NamedStatement = {
  name: 'record_payments',
  text: `INSERT INTO payments
      (order_id, captured_cents, refunded_cents, reference, failure_reason, captured_at, refunded_at)
    SELECT order_id, captured_cents, refunded_cents, reference, failure_reason, captured_at, refunded_at
    FROM json_populate_recordset(NULL::payments, $1::json)
    ON CONFLICT (order_id) DO UPDATE SET
      captured_cents = excluded.captured_cents, refunded_cents = excluded.refunded_cents,
      reference = excluded.reference, failure_reason = excluded.failure_reason,
      captured_at = excluded.captured_at, refunded_at = excluded.refunded_at`,
};

export type MailRecord = Pick<
  typeof mails.$inferInsert,
  'messageId' | 'orderId' | 'kind' | 'recipient' | 'subject'
>;

/** Records mails that were sent. A mail that is on record already is not changed. */
export async function recordMails(tx: Transaction, all: MailRecord[]): Promise<void> {
  if (all.length === 0) return;
  const columns = ['messageId', 'orderId', 'kind', 'recipient', 'subject'] as const;
  await inside(tx)(
    insertMails,
    columns.map((name) => all.map((mail) => mail[name])),
  );
}

const insertMails: NamedStatement = {
  name: 'record_mails',
  text: `INSERT INTO mails (message_id, order_id, kind, recipient, subject)
    SELECT * FROM unnest($1::text[], $2::uuid[], $3::text[], $4::text[], $5::text[])
    ON CONFLICT DO NOTHING`,
};
