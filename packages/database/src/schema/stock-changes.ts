import { index, integer, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { products } from './products.ts';

/**
 * Every change of a product's stock, the first one included: the sum of `delta` is always the stock. Written in the
 * transaction that changes `products.stock`.
 */
export const stockChanges = pgTable(
  'stock_changes',
  {
    id: uuid().primaryKey(),
    productId: uuid()
      .notNull()
      .references(() => products.id),
    delta: integer().notNull(),
    /** `initial`, `order`, `order-cancelled`, `payment-failed`, or the text of an admin. */
    reason: text().notNull(),
    orderId: uuid(),
    stockAfter: integer().notNull(),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [index().on(table.productId, table.createdAt)],
);
