import { behaviourModes } from '@shop/contracts/payment-provider.ts';
import { paymentStatuses } from '@shop/contracts/values.ts';
import { sql } from 'drizzle-orm';
import { check, integer, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';

/** One row for each order: the primary key makes each call idempotent. */
export const payments = pgTable(
  'payments',
  {
    orderId: uuid().primaryKey(),
    status: text({ enum: paymentStatuses }).notNull(),
    capturedCents: integer().notNull().default(0),
    refundedCents: integer().notNull().default(0),
    reference: text().notNull().unique(),
    /** Calls that arrived; only the first capture and the first refund move money. */
    captureAttempts: integer().notNull().default(0),
    refundAttempts: integer().notNull().default(0),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
    updatedAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [check('payments_refund_within_capture', sql`${table.refundedCents} <= ${table.capturedCents}`)],
);

/** How the sandbox misbehaves now. In a table, so that a restart keeps it. Never more than one row. */
export const behaviour = pgTable(
  'behaviour',
  {
    id: integer().primaryKey().default(1),
    mode: text({ enum: behaviourModes }).notNull(),
    delayMs: integer().notNull().default(0),
    /** Calls left; null means without end. */
    calls: integer(),
  },
  (table) => [check('behaviour_one_row', sql`${table.id} = 1`)],
);
