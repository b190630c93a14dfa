import { index, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { customers } from './customers.ts';

/** One login of a client that uses tokens: all refresh tokens that descend from that login. Deleting the row ends them all. */
export const tokenFamilies = pgTable(
  'token_families',
  {
    id: uuid().primaryKey(),
    customerId: uuid()
      .notNull()
      .references(() => customers.id, { onDelete: 'cascade' }),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
    /** No token of the family is valid for longer, however often it is refreshed. */
    expiresAt: timestamp({ withTimezone: true }).notNull(),
  },
  (table) => [index().on(table.customerId), index().on(table.expiresAt)],
);

/**
 * Refresh tokens, by their SHA-256 only: a leaked table gives no login. A token that was used stays until it expires, so
 * that a second use of it is recognised.
 */
export const refreshTokens = pgTable(
  'refresh_tokens',
  {
    tokenHash: text().primaryKey(),
    familyId: uuid()
      .notNull()
      .references(() => tokenFamilies.id, { onDelete: 'cascade' }),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
    expiresAt: timestamp({ withTimezone: true }).notNull(),
    /** When it was exchanged for its successor; null for the newest token of a family. */
    usedAt: timestamp({ withTimezone: true }),
  },
  (table) => [index().on(table.familyId), index().on(table.expiresAt)],
);
