import type { Payload, Topic } from '@shop/contracts/jobs.ts';
import type { Transaction } from '@shop/database/connection.ts';
import { outbox } from '@shop/database/schema/outbox.ts';
import { inside, type NamedStatement } from '@shop/database/statement.ts';
import { traceparent } from '@shop/tracing/spans.ts';
import { eq, or, sql } from 'drizzle-orm';
import { v7 as uuid } from 'uuid';

/** An effect that must happen if this transaction commits. */
export type Event = {
  [T in Topic]: { topic: T; payload: Payload<T>; orderId?: string };
}[Topic];

/** Writes events in the transaction that causes them; the worker's relay takes them from there to the queue. */
export async function addEvents(tx: Transaction, events: Event[]): Promise<void> {
  await inside(tx)(insertEvents, [
    events.map(() => uuid()),
    events.map(({ topic }) => topic),
    events.map(({ orderId }) => orderId ?? null),
    events.map(({ payload }) => JSON.stringify(payload)),
    traceparent() ?? null,
  ]);
}

const insertEvents: NamedStatement = {
  name: 'insert_events',
  text: `INSERT INTO outbox (id, topic, order_id, payload, traceparent)
    SELECT event.*, $5::text FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::jsonb[]) AS event`,
};

/** Events of an order or of an upload. */
export async function eventsAbout(tx: Transaction, subjectId: string) {
  const { id, topic, payload } = outbox;
  const rows = await tx
    .select({ id, topic, payload })
    .from(outbox)
    .where(or(eq(outbox.orderId, subjectId), eq(sql`${payload} ->> 'uploadId'`, subjectId)));
  return rows as { id: string; topic: Topic; payload: object }[];
}
