import { pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';

/** All accounts. E-mail addresses are stored in lower case, so that `unique` ignores case. */
export const customers = pgTable('customers', {
  id: uuid().primaryKey(),
  email: text().notNull().unique(),
  name: text().notNull(),
  passwordHash: text().notNull(),
  role: text({ enum: ['customer', 'admin'] })
    .notNull()
    .default('customer'),
  createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
});
