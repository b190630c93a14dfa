import type { ProviderPayment } from '@shop/contracts/payment-provider.ts';
import type { Transaction } from '@shop/database/connection.ts';
import { eq, sql } from 'drizzle-orm';
import { v7 as uuid } from 'uuid';
import { payments } from './schema.ts';

/**
 * Captures or declines a payment, once: the first call for an order decides, and each later call reads that decision.
 * An order that was refunded before stays `voided`: a capture that arrives late takes nothing.
 */
export async function capture(
  tx: Transaction,
  { orderId, amountCents, declined }: { orderId: string; amountCents: number; declined: boolean },
): Promise<ProviderPayment> {
  const [row] = await tx
    .insert(payments)
    .values({
      orderId,
      status: declined ? 'declined' : 'captured',
      capturedCents: declined ? 0 : amountCents,
      reference: newReference(),
      captureAttempts: 1,
    })
    .onConflictDoUpdate({
      target: payments.orderId,
      set: { captureAttempts: sql`${payments.captureAttempts} + 1`, updatedAt: sql`now()` },
    })
    .returning();
  return toPayment(row);
}

/** Refunds what was captured, once. If nothing was captured, it makes sure that no later capture takes money. */
export async function refund(tx: Transaction, orderId: string): Promise<ProviderPayment> {
  const [row] = await tx
    .insert(payments)
    .values({ orderId, status: 'voided', reference: newReference(), refundAttempts: 1 })
    .onConflictDoUpdate({
      target: payments.orderId,
      set: {
        status: sql`CASE WHEN ${payments.status} = 'captured' THEN 'refunded' ELSE ${payments.status} END`,
        refundedCents: sql`${payments.capturedCents}`,
        refundAttempts: sql`${payments.refundAttempts} + 1`,
        updatedAt: sql`now()`,
      },
    })
    .returning();
  return toPayment(row);
}

export async function findPayment(tx: Transaction, orderId: string): Promise<ProviderPayment | undefined> {
  const [row] = await tx.select().from(payments).where(eq(payments.orderId, orderId));
  return row && toPayment(row);
}

const newReference = () => `pay_${uuid().replaceAll('-', '')}`;

function toPayment(row: typeof payments.$inferSelect | undefined): ProviderPayment {
  if (!row) throw new Error('the payment was not written');
  return { ...row, createdAt: row.createdAt.toISOString(), updatedAt: row.updatedAt.toISOString() };
}
