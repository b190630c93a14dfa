import type { ProviderPayment } from '@shop/contracts/payment-provider.ts';
import type { Transaction } from '@shop/database/connection.ts';
import { customers } from '@shop/database/schema/customers.ts';
import { mails, type OrderStatus, orderLines, orders, payments } from '@shop/database/schema/orders.ts';
import { asc, eq, sql } from 'drizzle-orm';

export async function findOrder(tx: Transaction, id: string) {
  const [order] = await tx.select().from(orders).where(eq(orders.id, id));
  return order;
}

/** The order with its row locked until the end of the transaction: every change of its status passes here. */
export async function lockOrder(tx: Transaction, id: string) {
  const [order] = await tx.select().from(orders).where(eq(orders.id, id)).for('no key update');
  return order;
}

export async function findLines(tx: Transaction, orderId: string) {
  return await tx
    .select()
    .from(orderLines)
    .where(eq(orderLines.orderId, orderId))
    .orderBy(asc(orderLines.position));
}

export async function setStatus(tx: Transaction, id: string, status: OrderStatus): Promise<void> {
  await tx.update(orders).set({ status, updatedAt: sql`now()` }).where(eq(orders.id, id));
}

/** Keeps what the provider last said of an order. */
export async function recordPayment(tx: Transaction, payment: ProviderPayment): Promise<void> {
  const { orderId, capturedCents, refundedCents, reference, status } = payment;
  const row = {
    capturedCents,
    refundedCents,
    reference,
    failureReason: status === 'declined' ? 'declined' : null,
    capturedAt: status === 'captured' || status === 'refunded' ? new Date(payment.createdAt) : null,
    refundedAt: status === 'refunded' ? new Date(payment.updatedAt) : null,
  };
  await tx
    .insert(payments)
    .values({ orderId, ...row })
    .onConflictDoUpdate({ target: payments.orderId, set: row });
}

export async function findRecipient(tx: Transaction, customerId: string) {
  const [customer] = await tx
    .select({ email: customers.email, name: customers.name })
    .from(customers)
    .where(eq(customers.id, customerId));
  return customer;
}

export async function mailWasSent(tx: Transaction, messageId: string): Promise<boolean> {
  const rows = await tx.select({ id: mails.messageId }).from(mails).where(eq(mails.messageId, messageId));
  return rows.length > 0;
}

export async function recordMail(tx: Transaction, mail: typeof mails.$inferInsert): Promise<void> {
  await tx.insert(mails).values(mail).onConflictDoNothing();
}
