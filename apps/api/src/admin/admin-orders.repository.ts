import type { AdminOrder, AdminOrderDetail } from '@shop/contracts/admin.ts';
import type { Topic } from '@shop/contracts/jobs.ts';
import type { OrderStatus } from '@shop/contracts/values.ts';
import type { Transaction } from '@shop/database/connection.ts';
import { customers } from '@shop/database/schema/customers.ts';
import { mails, orders, payments } from '@shop/database/schema/orders.ts';
import { outbox } from '@shop/database/schema/outbox.ts';
import { and, asc, desc, eq, exists, or, type SQL, sql } from 'drizzle-orm';
import { validate as isUuid } from 'uuid';
import { type OrderRow, olderOrders, orderWithLines, toOrder } from '../orders/orders.repository.ts';

export type OrderSelection = { q: string; status?: OrderStatus; before?: string; limit: number };

const withCustomer = {
  ...orderWithLines,
  customer: { id: customers.id, email: customers.email, name: customers.name },
};

const toAdminOrder = ({ customer, ...order }: OrderRow & Pick<AdminOrder, 'customer'>): AdminOrder => ({
  ...toOrder(order),
  customer,
});

/** Newest first, of all customers. */
export async function listAllOrders(tx: Transaction, { q, status, before, limit }: OrderSelection) {
  const rows = await tx
    .select(withCustomer)
    .from(orders)
    .innerJoin(customers, eq(customers.id, orders.customerId))
    .where(
      and(
        q === '' ? undefined : matching(tx, q),
        status ? eq(orders.status, status) : undefined,
        before ? olderOrders(before) : undefined,
      ),
    )
    .orderBy(desc(orders.placedAt), desc(orders.id))
    .limit(limit);
  return rows.map(toAdminOrder);
}

function matching(tx: Transaction, q: string): SQL | undefined {
  if (isUuid(q)) return eq(orders.id, q);
  const ofCustomer = tx
    .select({ one: sql`1` })
    .from(customers)
    .where(and(eq(customers.id, orders.customerId), sql`strpos(${customers.email}, ${q.toLowerCase()}) > 0`));
  return or(sql`starts_with(${orders.number}, ${q})`, exists(ofCustomer));
}

/** One order with its payment, its mails and its jobs. */
export async function findOrderDetail(tx: Transaction, id: string): Promise<AdminOrderDetail | undefined> {
  const [[row], [payment], mailRows, jobRows] = await Promise.all([
    tx
      .select(withCustomer)
      .from(orders)
      .innerJoin(customers, eq(customers.id, orders.customerId))
      .where(eq(orders.id, id)),
    tx.select().from(payments).where(eq(payments.orderId, id)),
    tx.select().from(mails).where(eq(mails.orderId, id)).orderBy(asc(mails.sentAt)),
    tx.select().from(outbox).where(eq(outbox.orderId, id)).orderBy(asc(outbox.id)),
  ]);
  if (!row) return undefined;
  return {
    ...toAdminOrder(row),
    payment: payment ? toPayment(payment) : null,
    mails: mailRows.map(({ orderId: _, sentAt, ...mail }) => ({ ...mail, sentAt: sentAt.toISOString() })),
    jobs: jobRows.map(toJob),
  };
}

function toPayment({ orderId: _, capturedAt, refundedAt, ...payment }: typeof payments.$inferSelect) {
  return {
    ...payment,
    capturedAt: capturedAt?.toISOString() ?? null,
    refundedAt: refundedAt?.toISOString() ?? null,
  };
}

function toJob(event: typeof outbox.$inferSelect) {
  return {
    id: event.id,
    topic: event.topic as Topic,
    publishCount: event.publishCount,
    attempts: event.attemptCount,
    done: event.doneAt !== null,
    lastError: event.lastError,
    createdAt: event.createdAt.toISOString(),
    doneAt: event.doneAt?.toISOString() ?? null,
  };
}

/** Any customer's order, its row locked until the end of the transaction. */
export async function lockAnyOrder(tx: Transaction, id: string) {
  const [order] = await tx.select(orderWithLines).from(orders).where(eq(orders.id, id)).for('no key update');
  return order;
}
