import { behaviourModes } from '@shop/contracts/payment-provider.ts';
import { sql } from 'drizzle-orm';
import { check, integer, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';

/** One row an order: the primary key is what makes each call idempotent. */
export const payments = pgTable(
  'payments',
  {
    orderId: uuid().primaryKey(),
    status: text({ enum: ['captured', 'declined', 'refunded', 'voided'] }).notNull(),
    capturedCents: integer().notNull().default(0),
    refundedCents: integer().notNull().default(0),
    reference: text().notNull().unique(),
    /** Calls that reached us; only the first capture and the first refund move money. */
    captureAttempts: integer().notNull().default(0),
    refundAttempts: integer().notNull().default(0),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
    updatedAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [check('payments_refund_within_capture', sql`${table.refundedCents} <= ${table.capturedCents}`)],
);

/** How the sandbox misbehaves just now; in a table, so that a restart does not forget it. Never more than one row. */
export const behaviour = pgTable(
  'behaviour',
  {
    id: integer().primaryKey().default(1),
    mode: text({ enum: behaviourModes }).notNull(),
    delayMs: integer().notNull().default(0),
    /** Calls left; null means for good. */
    calls: integer(),
  },
  (table) => [check('behaviour_one_row', sql`${table.id} = 1`)],
);
