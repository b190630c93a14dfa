import { randomUUID } from 'node:crypto';
import { primaryNode, queryNode } from '@shop/chaos/topology/topology.ts';
import { makeItems } from '@shop/chaos/workload/items.ts';
import type { Send } from '@shop/load/samples.ts';
import { ShopClient } from '@shop/shop-client/shop-client.ts';
import { edges } from '@shop/shop-client/topology-under-test.ts';
import pWaitFor from 'p-wait-for';
import { usedBetween } from './call-cost.ts';
import { withFreeClient } from './free-client.ts';
import { measuredCall } from './measured-call.ts';
import { readMeters } from './meters.ts';
import type { Call } from './profile-report.ts';

/**
 * `node bench/load/profile-calls.ts <call> <clients> <seconds>` measures a call of the shop (`measured-call.ts`). Prints
 * one line of JSON with what the containers used meanwhile (`meters.ts`). Fails when a call is refused.
 */
const [name = 'order', clients = '10', seconds = '8'] = process.argv.slice(2);

const items = await makeItems(edges[0], 30, 1_000_000);
const shoppers = await Promise.all(
  Array.from({ length: Number(clients) }, async () => {
    const client = new ShopClient(edges[0]);
    await client.register();
    return client;
  }),
);
const send = await (await makeCalls())[name as Call]();
const load = { clients: Number(clients), seconds: Number(seconds) };
const { sent, before, after } = await measuredCall(name, send, load, untilNothingWaits, await readMeters());
console.log(
  JSON.stringify({
    ...sent,
    elapsedMs: after.atMs - before.atMs,
    processorMs: usedBetween(before.processorMs, after.processorMs),
    commits: await after.commitsSince(before),
    requestsToPostgres: after.requestsToPostgres - before.requestsToPostgres,
  }),
);
process.exit(0);

/** The effects of orders belong to their cost. */
async function untilNothingWaits(): Promise<void> {
  const primary = await primaryNode();
  const waiting = () => queryNode(primary, 'SELECT 1 FROM outbox WHERE done_at IS NULL LIMIT 1');
  await pWaitFor(async () => (await waiting()).length === 0, { interval: 100, timeout: 120_000 });
}

/** Prepares each call, for example its product or its order. */
async function makeCalls(): Promise<Record<Call, () => Promise<Send>>> {
  const shopper = (index: number) => shoppers[index % shoppers.length]!;
  const item = () => items[Math.floor(Math.random() * items.length)]!;
  const place = (client: ShopClient) =>
    client.post('/api/orders', {
      key: randomUUID(),
      body: { items: [{ productId: item().id, quantity: 1 }] },
    });
  /** The shoppers without a watermark, as a minute after their last write: any replica may serve their reads. */
  const settled = () => Promise.all(shoppers.map((client) => client.without('watermark')));
  const reading = async (path: (index: number) => string): Promise<Send> => {
    const readers = await settled();
    return (index) => readers[index % readers.length]!.get(path(index));
  };
  const fillCarts = () =>
    Promise.all(
      shoppers.map((client) => client.put(`/api/cart/items/${items[0]!.id}`, { body: { quantity: 2 } })),
    );
  return {
    order: async () => (index) => place(shopper(index)),
    'cart and order': async () =>
      withFreeClient(shoppers, async (client) => {
        const { status } = await client.put(`/api/cart/items/${item().id}`, { body: { quantity: 1 } });
        if (status !== 200) throw new Error(`the cart answered ${status}`);
        return await client.post('/api/orders', { key: randomUUID(), body: {} });
      }),
    'own order': async () => {
      const placed = await Promise.all(shoppers.map(async (client) => (await place(client)).body.id));
      return await reading((index) => `/api/orders/${placed[index % placed.length]}`);
    },
    'own orders': async () => {
      for (let count = 0; count < 5; count += 1) await Promise.all(shoppers.map(place));
      return await reading(() => '/api/orders');
    },
    me: () => reading(() => '/api/auth/me'),
    'cart read': async () => {
      await fillCarts();
      return await reading(() => '/api/cart');
    },
    'cart put': async () => {
      const writers = await settled();
      return (index) =>
        writers[index % writers.length]!.put(`/api/cart/items/${item().id}`, {
          body: { quantity: 1 + (index % 9) },
        });
    },
    whoami: () => reading(() => '/api/whoami'),
    // A session that has written bypasses both caches.
    'product detail, uncached': async () => (index) => shopper(index).get(`/api/products/${item().slug}`),
    'product detail, cached': async () => {
      const guest = new ShopClient(edges[0]);
      return () => guest.get(`/api/products/${item().slug}`);
    },
    'list, uncached': async () => (index) => shopper(index).get('/api/products?limit=24'),
    'list, cached': async () => {
      const guest = new ShopClient(edges[0]);
      return () => guest.get('/api/products?limit=24');
    },
  };
}
