import { randomUUID } from 'node:crypto';
import type { Order, Shards } from './shards.ts';

const writerCount = 24;

/** What some seconds of writing came to. `longestMs` is the longest that one order took. */
export type Written = { acknowledged: Order[]; failed: number; longestMs: number };

/** Customers that order one after the other, at `writerCount` tills, until the time is over. */
export async function write(
  place: (order: Order) => Promise<void>,
  customerIds: string[],
  seconds: number,
): Promise<Written> {
  const written: Written = { acknowledged: [], failed: 0, longestMs: 0 };
  const until = performance.now() + seconds * 1000;
  let sent = 0;
  const writer = async () => {
    while (performance.now() < until) {
      const order = orderOf(customerIds[sent % customerIds.length]!, sent++);
      const startedAt = performance.now();
      try {
        await place(order);
        written.acknowledged.push(order);
      } catch {
        written.failed += 1;
      }
      written.longestMs = Math.max(written.longestMs, performance.now() - startedAt);
    }
  };
  await Promise.all(Array.from({ length: writerCount }, writer));
  return written;
}

export function orderOf(customerId: string, index: number): Order {
  return { id: randomUUID(), customerId, product: index % 500, quantity: 1 + (index % 3) };
}

/** How many acknowledged orders the shard of their customer does not have. */
export async function lostOf(shards: Shards, acknowledged: Order[]): Promise<number> {
  await shards.readOwners();
  const byShard = Map.groupBy(acknowledged, ({ customerId }) => shards.shardOf(customerId)!);
  let found = 0;
  for (const [shard, orders] of byShard) {
    const { rows } = await shard.query<{ found: number }>(
      'SELECT count(*)::int AS found FROM orders WHERE id = ANY($1::uuid[])',
      [orders.map(({ id }) => id)],
    );
    found += rows[0]!.found;
  }
  return acknowledged.length - found;
}
