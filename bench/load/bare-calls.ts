import { randomUUID } from 'node:crypto';
import { makeItems } from '@shop/chaos/workload/items.ts';
import { ShopClient } from '@shop/shop-client/shop-client.ts';
import { edges } from '@shop/shop-client/topology-under-test.ts';
import type { Side } from './bench-report.ts';

/** A call that both the API and `bare-server.ts` answer; `options` are autocannon's. */
export type CallOnServer = { name: string; path: string; options: string[]; sides: Side[] };

/**
 * `node bench/load/bare-calls.ts` registers a customer, places five orders and puts two products into the cart. It prints
 * one line of JSON with the calls of that customer. The calls carry no watermark, like those of a session whose last
 * write is a minute ago, so a replica of Postgres serves the reads.
 */
const items = await makeItems(edges[0], 2, 1_000);
const client = new ShopClient(edges[0]);
await client.register();
const body = { items: [{ productId: items[0]?.id, quantity: 1 }] };
const placed = await Promise.all(
  Array.from({ length: 5 }, () => client.post('/api/orders', { key: randomUUID(), body })),
);
for (const { id } of items) await client.put(`/api/cart/items/${id}`, { body: { quantity: 2 } });

const cookie = ['--headers', `cookie=${await client.without('watermark').cookieHeader()}`];
const put = ['--method', 'PUT', '--headers', 'content-type=application/json', '--body', '{"quantity":3}'];
const ofCustomer = (name: string, path: string, more: string[] = []): CallOnServer => ({
  name,
  path,
  options: [...cookie, ...more],
  // The API's read puts the products into the cache, from which the bare server reads them.
  sides: ['api', 'bare'],
});
const calls: CallOnServer[] = [
  {
    name: 'product detail',
    path: '/api/products/bench-1',
    options: [],
    sides: ['uncached', 'api', 'bare'],
  },
  ofCustomer('whoami', '/api/whoami'),
  ofCustomer('me', '/api/auth/me'),
  ofCustomer('own order', `/api/orders/${placed[0]?.body.id}`),
  ofCustomer('own orders', '/api/orders'),
  ofCustomer('cart read', '/api/cart'),
  ofCustomer('cart put', `/api/cart/items/${items[0]?.id}`, put),
];
console.log(JSON.stringify(calls));
process.exit(0);
