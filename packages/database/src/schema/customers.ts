import { pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';

/** Everyone who can log in. E-mail addresses are stored in lower case, so `unique` means what a person expects. */
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
