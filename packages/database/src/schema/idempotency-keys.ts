import { index, integer, jsonb, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';

/**
 * The first answer to each keyed call, written in the transaction of its effects.
 * `response` is text, because jsonb would reorder it and the replay must be byte for byte.
 */
export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    /** `customer:<id>`, `session:<hash of the session id>`, or `email:<hash of the address>` of a registration. */
    owner: text().notNull(),
    /** Method and path. */
    route: text().notNull(),
    key: text().notNull(),
    /** HMAC-SHA-256 of the canonical body: the password in a body could be guessed from a plain hash. */
    bodyHash: text().notNull(),
    status: integer(),
    response: text(),
    /** What the route needs for a replay besides the body, such as the `Location` or the customer to log in. */
    context: jsonb().$type<Record<string, string>>().notNull().default({}),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
    /** Set by each replay: its commit waits for a standby, so an answer is never sent before it is safe. */
    replayedAt: timestamp({ withTimezone: true }),
  },
  (table) => [primaryKey({ columns: [table.owner, table.route, table.key] }), index().on(table.createdAt)],
);
