import { sql } from 'drizzle-orm';
import { check, index, integer, pgTable, text, timestamp, unique, uuid } from 'drizzle-orm/pg-core';
import { customers } from './customers.ts';
import { products } from './products.ts';
import { uploads } from './uploads.ts';

export const reviews = pgTable(
  'reviews',
  {
    id: uuid().primaryKey(),
    productId: uuid()
      .notNull()
      .references(() => products.id),
    customerId: uuid()
      .notNull()
      .references(() => customers.id),
    rating: integer().notNull(),
    text: text().notNull(),
    uploadId: uuid().references(() => uploads.id),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [
    unique().on(table.productId, table.customerId),
    index().on(table.productId, table.createdAt, table.id),
    check('reviews_rating_range', sql`${table.rating} BETWEEN 1 AND 5`),
  ],
);
