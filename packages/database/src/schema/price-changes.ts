import { index, integer, pgTable, timestamp, uuid } from 'drizzle-orm/pg-core';
import { customers } from './customers.ts';
import { products } from './products.ts';

/** Every change of a product's price by an admin, written in the transaction that makes it. */
export const priceChanges = pgTable(
  'price_changes',
  {
    id: uuid().primaryKey(),
    productId: uuid()
      .notNull()
      .references(() => products.id),
    beforeCents: integer().notNull(),
    afterCents: integer().notNull(),
    changedBy: uuid()
      .notNull()
      .references(() => customers.id),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [index().on(table.productId, table.id)],
);
