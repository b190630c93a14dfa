import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';

/** Far more buckets than shards, so that a new shard gets some of each, and a customer stays in one bucket for ever. */
export const bucketCount = 64;
/** How long a write waits for a bucket that is being moved before it looks again. */
const moveWaitMs = 10;
/** In this time a bucket is moved; a write that still finds no owner fails. */
const ownerDeadlineMs = 5_000;

export type Order = { id: string; customerId: string; product: number; quantity: number };

/** The bucket of a customer: the same in every process, without a table of customers. */
export function bucketOf(customerId: string): number {
  return createHash('sha256').update(customerId).digest().readUInt32BE() % bucketCount;
}

/** Several Postgres servers that know nothing of each other, and the map of buckets that makes one store of them. */
export class Shards {
  readonly pools: pg.Pool[];
  /** The shard of each bucket, as last read. It may be out of date: `place` notices. */
  #owners = new Map<number, pg.Pool>();
  /** Whether a shard did not answer when the map was last read. */
  #isIncomplete = false;

  constructor(pools: pg.Pool[]) {
    this.pools = pools;
  }

  /** Reads from each shard that answers which buckets are its own. */
  async readOwners(): Promise<void> {
    const answers = await Promise.allSettled(this.pools.map(ownedBy));
    const owned = answers.map((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    this.#isIncomplete = answers.some(({ status }) => status === 'rejected');
    this.#owners = new Map(
      owned.flatMap((buckets, at) => buckets.map((bucket) => [bucket, this.pools[at]!] as const)),
    );
  }

  /** The shard of a customer by the map that was last read. */
  shardOf(customerId: string): pg.Pool | undefined {
    return this.#owners.get(bucketOf(customerId));
  }

  /**
   * Writes an order to the shard of its customer. A shard that no longer owns the bucket takes nothing, so an old map
   * costs a second try and never an order.
   *
   * @throws when the shard does not answer, or no shard owns the bucket for 5 s.
   */
  async place(order: Order): Promise<void> {
    const deadline = Date.now() + ownerDeadlineMs;
    while (Date.now() < deadline) {
      const shard = this.shardOf(order.customerId);
      if (shard && (await insertIfOwned(shard, order))) return;
      if (!shard && this.#isIncomplete) break;
      await sleep(moveWaitMs);
      await this.readOwners();
    }
    throw new Error(`no shard owns bucket ${bucketOf(order.customerId)}`);
  }

  /** What one customer has ordered: one shard answers. @throws when that shard does not. */
  async ordersOf(customerId: string): Promise<string[]> {
    const shard = this.shardOf(customerId);
    if (!shard) throw new Error(`no shard owns bucket ${bucketOf(customerId)}`);
    const { rows } = await shard.query<{ id: string }>(
      'SELECT id FROM orders WHERE customer_id = $1 ORDER BY id DESC LIMIT 20',
      [customerId],
    );
    return rows.map(({ id }) => id);
  }

  /** The ten products that are sold most: each shard answers, and the sums are added here. @throws when one does not. */
  async bestSellers(): Promise<number[]> {
    const answers = await Promise.all(
      // A product can be the best of all and not among the ten best of any shard: each shard sends all its sums.
      this.pools.map((shard) =>
        shard.query<{ product: number; sold: number }>(
          'SELECT product, sum(quantity)::int AS sold FROM orders GROUP BY product',
        ),
      ),
    );
    const sold = new Map<number, number>();
    for (const { product, sold: count } of answers.flatMap(({ rows }) => rows)) {
      sold.set(product, (sold.get(product) ?? 0) + count);
    }
    return [...sold]
      .sort(([, a], [, b]) => b - a)
      .slice(0, 10)
      .map(([product]) => product);
  }
}

async function ownedBy(shard: pg.Pool): Promise<number[]> {
  const { rows } = await shard.query<{ bucket: number }>('SELECT bucket FROM owned_buckets');
  return rows.map(({ bucket }) => bucket);
}

/**
 * The row of the bucket is the fence. The insert locks it as a foreign key does, so inserts do not wait for each other. A
 * move deletes it and waits for the inserts in progress. An insert that waited for the move finds the row gone: Postgres
 * reads a locked row again after the wait, which it would not do for an advisory lock.
 */
async function insertIfOwned(shard: pg.Pool, order: Order): Promise<boolean> {
  const { rowCount } = await shard.query({
    name: 'insert_if_owned',
    text: `WITH fence AS (SELECT bucket FROM owned_buckets WHERE bucket = $2 FOR KEY SHARE)
      INSERT INTO orders SELECT $1::uuid, bucket, $3::uuid, $4::int, $5::int FROM fence`,
    values: [order.id, bucketOf(order.customerId), order.customerId, order.product, order.quantity],
  });
  return rowCount === 1;
}

/** Writes an order to the shard that the map names, which no longer needs to own it: what a fence is good for. */
export async function insertUnfenced(shard: pg.Pool, order: Order): Promise<void> {
  await shard.query({
    name: 'insert_unfenced',
    text: 'INSERT INTO orders VALUES ($1, $2, $3, $4, $5)',
    values: [order.id, bucketOf(order.customerId), order.customerId, order.product, order.quantity],
  });
}
