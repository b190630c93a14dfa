import { randomUUID } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { ShopClient } from '@shop/shop-client/shop-client.ts';
import { edges } from '@shop/shop-client/topology-under-test.ts';
import pWaitFor from 'p-wait-for';

test('a shopper registers, searches, orders and reads the order back at the other machine', async () => {
  const client = new ShopClient(edges[0]);
  await client.register();
  const found = await client.get('/api/products?q=lamp&limit=20');
  expect(found.status).toBe(200);
  const product = found.body.items.find(({ stock }: { stock: number }) => stock > 0);
  expect(product, 'a product of the seed that can be bought').toBeDefined();
  const placed = await client.post('/api/orders', {
    key: randomUUID(),
    body: { items: [{ productId: product.id, quantity: 1 }] },
  });
  expect(placed.status).toBe(201);
  const elsewhere = { edge: edges[1] };
  const read = await client.get(`/api/orders/${placed.body.id}`, elsewhere);
  expect(read.status).toBe(200);
  expect(read.body.id).toBe(placed.body.id);
  const isPaid = async () =>
    (await client.get(`/api/orders/${placed.body.id}`, elsewhere)).body.status === 'paid';
  await pWaitFor(isPaid, { interval: 500, timeout: 180_000 });
});
