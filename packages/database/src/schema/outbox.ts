import { sql } from 'drizzle-orm';
import { index, integer, jsonb, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';

/**
 * The transactional outbox: effects that must happen because a transaction has committed.
 *
 * The relay sets `claimedAt` in a separate commit before it publishes. (After a crash and restart, a commit that no
 * standby has may be visible; a later commit of one's own waits until it is safe.) The worker sets `doneAt` in the
 * transaction of its effect. So the loss of all of Redis loses no event: a sweep publishes again what was claimed long
 * ago and is not done.
 */
export const outbox = pgTable(
  'outbox',
  {
    /** The event's id and the job's id, by which its effect happens once. */
    id: uuid().primaryKey(),
    topic: text().notNull(),
    orderId: uuid(),
    payload: jsonb().notNull(),
    /** The place in its trace of the call that caused the event, if that call was traced (W3C Trace Context). */
    traceparent: text(),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
    claimedAt: timestamp({ withTimezone: true }),
    /**
     * How often it was handed to the queue, and how often a worker tried it: more than once is allowed, and counted.
     */
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
