import { orderStatuses } from '@shop/contracts/values.ts';
import { sql } from 'drizzle-orm';
import {
  check,
  index,
  integer,
  pgSequence,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core';
import { customers } from './customers.ts';
import { products } from './products.ts';

/** Order numbers are short enough to read out on the telephone; gaps after a rollback are harmless. */
export const orderNumbers = pgSequence('order_numbers', { startWith: 100001 });

export const orders = pgTable(
  'orders',
  {
    id: uuid().primaryKey(),
    number: text().notNull().unique().default(sql`nextval('order_numbers')::text`),
    customerId: uuid()
      .notNull()
      .references(() => customers.id),
    status: text({ enum: orderStatuses }).notNull().default('placed'),
    totalCents: integer().notNull(),
    placedAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
    updatedAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [
    // Lists are sorted by the time that they show. Each index costs an order two writes: a change of the status writes
    // the row again, in all of them.
    index().on(table.customerId, table.placedAt, table.id),
    index().on(table.status, table.placedAt, table.id),
    index().on(table.placedAt, table.id),
  ],
);

/** A line keeps the name, slug and price at the time of the order: an order never changes when a product does. */
export const orderLines = pgTable(
  'order_lines',
  {
    orderId: uuid()
      .notNull()
      .references(() => orders.id, { onDelete: 'cascade' }),
    position: integer().notNull(),
    productId: uuid()
      .notNull()
      .references(() => products.id),
    slug: text().notNull(),
    name: text().notNull(),
    unitPriceCents: integer().notNull(),
    quantity: integer().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.orderId, table.position] }),
    index().on(table.productId),
    check('order_lines_quantity_positive', sql`${table.quantity} > 0`),
  ],
);

/** The provider's answers for an order. The provider's own table has the truth. */
export const payments = pgTable('payments', {
  orderId: uuid()
    .primaryKey()
    .references(() => orders.id, { onDelete: 'cascade' }),
  capturedCents: integer().notNull().default(0),
  refundedCents: integer().notNull().default(0),
  /** The provider's own reference of the capture. */
  reference: text(),
  failureReason: text(),
  capturedAt: timestamp({ withTimezone: true }),
  refundedAt: timestamp({ withTimezone: true }),
});

/** One row for each mail that an order needs; the Message-ID is derived from the order. */
export const mails = pgTable(
  'mails',
  {
    messageId: text().primaryKey(),
    orderId: uuid()
      .notNull()
      .references(() => orders.id, { onDelete: 'cascade' }),
    kind: text({ enum: ['order-confirmation'] }).notNull(),
    recipient: text().notNull(),
    subject: text().notNull(),
    sentAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [index().on(table.orderId)],
);
