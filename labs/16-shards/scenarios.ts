import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { moveBucket, moveBucketUnfenced } from './move.ts';
import { bucketCount, insertUnfenced, type Order, Shards } from './shards.ts';
import { lostOf, orderOf, type Written, write } from './writers.ts';

/** How long a client without a fence believes its map. */
const mapAgeMs = 250;

/** A new connection costs a small shard more than a hundred orders: all of them are opened before anything is measured. */
async function connected(pool: pg.Pool): Promise<void> {
  const clients = await Promise.all(Array.from({ length: pool.options.max }, () => pool.connect()));
  for (const client of clients) client.release();
}

const customerIds = Array.from({ length: 400 }, () => randomUUID());

/** Empties shards, and deals the buckets out to the first `owners` of them. */
async function emptied(pools: pg.Pool[], owners = pools.length): Promise<Shards> {
  const schema = await readFile(new URL('schema.sql', import.meta.url), 'utf8');
  await Promise.all(pools.map(connected));
  await Promise.all(pools.map((pool) => pool.query(schema)));
  const buckets = Array.from({ length: bucketCount }, (_, bucket) => bucket);
  for (const [at, pool] of pools.slice(0, owners).entries()) {
    const own = buckets.filter((bucket) => bucket % owners === at);
    await pool.query('INSERT INTO owned_buckets SELECT unnest($1::int[])', [own]);
  }
  const shards = new Shards(pools);
  await shards.readOwners();
  return shards;
}

const summary = async (shards: Shards, seconds: number, { acknowledged, failed, longestMs }: Written) => ({
  perSecond: acknowledged.length / seconds,
  failed,
  longestMs,
  lost: await lostOf(shards, acknowledged),
});

async function spread(pools: pg.Pool[], seconds: number, among: string[]) {
  const shards = await emptied(pools);
  return await summary(shards, seconds, await write((order) => shards.place(order), among, seconds));
}

/** The last of the shards is new: it gets its part of the buckets while customers order. */
async function addAShard(pools: pg.Pool[], seconds: number, fenced: boolean) {
  const shards = await emptied(pools, pools.length - 1);
  const place = fenced
    ? (order: Order) => shards.place(order)
    : (order: Order) => insertUnfenced(shards.shardOf(order.customerId)!, order);
  const rereading = setInterval(() => void shards.readOwners(), mapAgeMs);
  const move = fenced ? moveBucket : moveBucketUnfenced;
  const moving = async () => {
    await sleep(seconds * 250);
    for (let bucket = 0; bucket < bucketCount; bucket += pools.length) {
      await move(bucket, pools[bucket % (pools.length - 1)]!, pools.at(-1)!);
    }
  };
  const [written] = await Promise.all([write(place, customerIds, seconds), moving()]);
  clearInterval(rereading);
  return await summary(shards, seconds, written);
}

/** Milliseconds of each of some questions, asked one after the other. */
async function timesMs(times: number, ask: (index: number) => Promise<unknown>): Promise<number[]> {
  const all: number[] = [];
  for (let index = 0; index < times; index += 1) {
    const startedAt = performance.now();
    await ask(index);
    all.push(performance.now() - startedAt);
  }
  return all;
}

/** One customer's orders, what all have bought, and accounts with an e-mail address that another account has. */
async function questions(pools: pg.Pool[], seconds: number) {
  const shards = await emptied(pools);
  await write((order) => shards.place(order), customerIds, seconds);
  const ownMs = await timesMs(40, (index) => shards.ordersOf(customerIds[index]!));
  const allMs = await timesMs(20, () => shards.bestSellers());
  const text = 'INSERT INTO customers VALUES ($1, $2) ON CONFLICT (email) DO NOTHING';
  const register = async (id: string, email: string) =>
    (await shards.shardOf(id)!.query(text, [id, email])).rowCount ?? 0;
  let twice = 0;
  for (let pair = 0; pair < 100; pair += 1) {
    await register(customerIds[2 * pair]!, `${pair}@example.com`);
    twice += await register(customerIds[2 * pair + 1]!, `${pair}@example.com`);
  }
  return { ownMs, allMs, twice };
}

/** One order of each customer, and one question about all, on the shards that answer. */
async function oneEach(pools: pg.Pool[]) {
  const shards = new Shards(pools);
  await shards.readOwners();
  const placed = await Promise.allSettled(customerIds.map((id, index) => shards.place(orderOf(id, index))));
  const refused = placed.filter(({ status }) => status === 'rejected').length;
  const unanswered = await shards.bestSellers().then(
    () => 0,
    () => 1,
  );
  return { percentRefused: (100 * refused) / customerIds.length, unanswered };
}

/** What `main.ts` can play, on the shards of `pools` and for some seconds. */
export const scenarios: Record<string, (pools: pg.Pool[], seconds: number) => Promise<object>> = {
  spread: (pools, seconds) => spread(pools, seconds, customerIds),
  'one-customer': (pools, seconds) => spread(pools, seconds, customerIds.slice(0, 1)),
  'add-a-shard': (pools, seconds) => addAShard(pools, seconds, true),
  'add-a-shard-unfenced': (pools, seconds) => addAShard(pools, seconds, false),
  questions,
  'one-each': oneEach,
};
