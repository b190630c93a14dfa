import { sql } from 'drizzle-orm';
import { index, integer, jsonb, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';

/**
 * The transactional outbox: what must happen because a transaction committed.
 *
 * `claimedAt` is set in a commit of the relay's own before it publishes (after a crash restart a commit that
 * no standby has may be visible; a commit of one's own waits until it is safe). `doneAt` is set by the worker
 * in the transaction of its own effect, so losing all of Redis loses nothing: a sweep publishes again what was
 * claimed long ago and is not done.
 */
export const outbox = pgTable(
  'outbox',
  {
    /** The event's id; also the id of the job, and what makes its effect happen once. */
    id: uuid().primaryKey(),
    topic: text().notNull(),
    orderId: uuid(),
    payload: jsonb().notNull(),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
    claimedAt: timestamp({ withTimezone: true }),
    /** How often it was handed to the queue, and how often a worker tried it: more than one is allowed, and counted. */
    publishCount: integer().notNull().default(0),
    attemptCount: integer().notNull().default(0),
    doneAt: timestamp({ withTimezone: true }),
    lastError: text(),
  },
  (table) => [
    index('outbox_unclaimed').on(table.id).where(sql`${table.claimedAt} IS NULL`),
    index('outbox_not_done').on(table.claimedAt).where(sql`${table.doneAt} IS NULL`),
    index().on(table.orderId),
  ],
);
