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
    /** HMAC-SHA-256 of the canonical body: a plain hash of a body with a password in it could be guessed. */
    bodyHash: text().notNull(),
    status: integer(),
    response: text(),
    /** What the route needs to answer a replay besides the body, such as the `Location` or whom to log in. */
    context: jsonb().$type<Record<string, string>>().notNull().default({}),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
    /** Touched by each replay: that commit waits for a standby, so an answer is never shown before it is safe. */
    replayedAt: timestamp({ withTimezone: true }),
  },
  (table) => [primaryKey({ columns: [table.owner, table.route, table.key] }), index().on(table.createdAt)],
);
