import { randomUUID } from 'node:crypto';
import { ShopClient } from '@shop/shop-client/shop-client.ts';
import { edges } from '@shop/shop-client/topology-under-test.ts';

/**
 * `node bench/load/order-clients.ts <clients> <seconds>`: each client places orders of one random product, one after the
 * other, through the first edge. Prints one line of JSON; fails when an order fails.
 */
const [clients = 10, seconds = 15] = process.argv.slice(2).map(Number);
const edge = edges[0];
const { body } = await new ShopClient(edge).get('/api/products?q=bench&limit=100');
const products: { id: string }[] = body.items;
if (products.length === 0) throw new Error('there are no products to order');

const shoppers = await Promise.all(
  Array.from({ length: clients }, async () => {
    const client = new ShopClient(edge);
    await client.register();
    return client;
  }),
);

const latenciesMs: number[] = [];
const endAt = Date.now() + seconds * 1000;
await Promise.all(
  shoppers.map(async (client) => {
    while (Date.now() < endAt) {
      const product = products[Math.floor(Math.random() * products.length)]!;
      const startedAt = performance.now();
      const { status } = await client.post('/api/orders', {
        key: randomUUID(),
        body: { items: [{ productId: product.id, quantity: 1 }] },
      });
      latenciesMs.push(performance.now() - startedAt);
      if (status !== 201) throw new Error(`an order was answered ${status}`);
    }
  }),
);
latenciesMs.sort((a, b) => a - b);
const at = (share: number) => latenciesMs[Math.floor(latenciesMs.length * share)] ?? 0;
console.log(JSON.stringify({ medianMs: at(0.5), p99Ms: at(0.99), perSecond: latenciesMs.length / seconds }));
process.exit(0);
