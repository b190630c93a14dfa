import type { ProviderPayment } from '@shop/contracts/payment-provider.ts';
import type { Transaction } from '@shop/database/connection.ts';
import type { Primary, TransactionOptions } from '@shop/database/primary.ts';
import { inside, type NamedStatement } from '@shop/database/statement.ts';
import { eq, sql } from 'drizzle-orm';
import { v7 as uuid } from 'uuid';
import type { Mode } from './behaviour.repository.ts';
import { payments } from './schema.ts';

type PaymentRow = typeof payments.$inferSelect;
type Capture = { orderId: string; amountCents: number; declined: boolean };

const captureOnce: NamedStatement = {
  name: 'capture',
  text: `INSERT INTO payments (order_id, status, captured_cents, reference, capture_attempts)
    SELECT $1::uuid, $2::text, $3::int, $4::text, 1
    WHERE NOT EXISTS (SELECT FROM behaviour WHERE mode = ANY ($5::text[]) AND calls IS DISTINCT FROM 0)
    ON CONFLICT (order_id) DO UPDATE SET capture_attempts = payments.capture_attempts + 1, updated_at = now()
    RETURNING order_id AS "orderId", status, captured_cents AS "capturedCents", refunded_cents AS "refundedCents",
      reference, capture_attempts AS "captureAttempts", refund_attempts AS "refundAttempts",
      created_at AS "createdAt", updated_at AS "updatedAt"`,
};

const valuesOf = ({ orderId, amountCents, declined }: Capture, unlessTold: Mode[]) => [
  orderId,
  declined ? 'declined' : 'captured',
  declined ? 0 : amountCents,
  newReference(),
  unlessTold,
];

/**
 * Captures or declines a payment, once: the first call for an order decides, and each later call reads that decision.
 * An order that was refunded before stays `voided`: a capture that arrives late takes nothing.
 */
export async function capture(tx: Transaction, order: Capture): Promise<ProviderPayment> {
  const [row] = await inside(tx)<PaymentRow>(captureOnce, valuesOf(order, []));
  return toPayment(row);
}

/**
 * The same as one statement, unless the sandbox is told to behave in one of these modes.
 *
 * @returns undefined when it is told so; then nothing was done.
 */
export async function captureUnlessTold(
  primary: Primary,
  order: Capture,
  modes: Mode[],
  options: TransactionOptions,
): Promise<ProviderPayment | undefined> {
  const [row] = await primary.statement<PaymentRow>(captureOnce, valuesOf(order, modes), options);
  return row && toPayment(row);
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

function toPayment(row: PaymentRow | undefined): ProviderPayment {
  if (!row) throw new Error('the payment was not written');
  return { ...row, createdAt: row.createdAt.toISOString(), updatedAt: row.updatedAt.toISOString() };
}
