import { index, integer, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { customers } from './customers.ts';

export const uploadStatuses = ['pending', 'processing', 'ready', 'rejected'] as const;
export const rejectionReasons = ['not-an-image', 'type-mismatch', 'too-large', 'too-many-pixels'] as const;

/** A picture on its way in. The bytes are in the object store; this row says what they are and whose. */
export const uploads = pgTable(
  'uploads',
  {
    id: uuid().primaryKey(),
    customerId: uuid()
      .notNull()
      .references(() => customers.id),
    purpose: text({ enum: ['review', 'product'] }).notNull(),
    filename: text().notNull(),
    contentType: text().notNull(),
    sizeBytes: integer().notNull(),
    status: text({ enum: uploadStatuses }).notNull().default('pending'),
    /** Where the client puts the bytes. */
    stagedKey: text().notNull(),
    /** Of the bytes as sent, lower-case hexadecimal; they are kept under a key made of it. */
    sha256: text(),
    reason: text({ enum: rejectionReasons }),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
    expiresAt: timestamp({ withTimezone: true }).notNull(),
  },
  (table) => [
    index().on(table.customerId, table.id),
    // Read by release 0.1.0; lists are in the order of the time that they show.
    index().on(table.status, table.id),
    index().on(table.status, table.createdAt, table.id),
    index().on(table.createdAt, table.id),
  ],
);
