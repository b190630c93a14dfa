import { index, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { customers } from './customers.ts';

/**
 * The sessions of customers. Redis has copies that are quicker to read and may be lost. Only the SHA-256 of the session
 * id is stored, so a leaked table gives no login.
 */
export const sessions = pgTable(
  'sessions',
  {
    idHash: text().primaryKey(),
    customerId: uuid()
      .notNull()
      .references(() => customers.id, { onDelete: 'cascade' }),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
    expiresAt: timestamp({ withTimezone: true }).notNull(),
  },
  (table) => [index().on(table.expiresAt)],
);
