import { rejectionReasons, uploadPurposes, uploadStatuses } from '@shop/contracts/values.ts';
import { index, integer, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { customers } from './customers.ts';

/** An uploaded picture. The bytes are in the object store; this row has their type, size, hash and owner. */
export const uploads = pgTable(
  'uploads',
  {
    id: uuid().primaryKey(),
    customerId: uuid()
      .notNull()
      .references(() => customers.id),
    purpose: text({ enum: uploadPurposes }).notNull(),
    filename: text().notNull(),
    contentType: text().notNull(),
    sizeBytes: integer().notNull(),
    status: text({ enum: uploadStatuses }).notNull().default('pending'),
    /** The key under which the client stores the bytes. */
    stagedKey: text().notNull(),
    /** Of the bytes as sent, in lower-case hexadecimal. */
    sha256: text(),
    /** The keys of its objects are derived from this name (@shop/contracts/media.ts). Null: from `sha256`. */
    objectName: text(),
    reason: text({ enum: rejectionReasons }),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
    expiresAt: timestamp({ withTimezone: true }).notNull(),
  },
  (table) => [
    index().on(table.customerId, table.id),
    // Read by release 0.1.0; lists are sorted by the time that they show.
    index().on(table.status, table.id),
    index().on(table.status, table.createdAt, table.id),
    index().on(table.createdAt, table.id),
  ],
);
