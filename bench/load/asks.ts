import { randomUUID } from 'node:crypto';
import { makeItems } from '@shop/chaos/workload/items.ts';
import { pictureOf } from '@shop/chaos/workload/pictures.ts';
import { type Reply, ShopClient } from '@shop/shop-client/shop-client.ts';
import { edges } from '@shop/shop-client/topology-under-test.ts';

/** One call of a shopper. @throws when the answer is wrong. */
export type Ask = (index: number) => Promise<void>;

/** The calls of the probes. They go through the first edge, by a few sessions in turn, without a retry. */
export async function makeAsks() {
  // Many products: an order holds the lock on its product's row until a standby has it, and others wait for the lock.
  const items = await makeItems(edges[0], 48);
  const clients = await Promise.all(
    Array.from({ length: 6 }, async () => {
      const client = new ShopClient(edges[0]);
      await client.register();
      return client;
    }),
  );
  const client = (index: number) => clients[index % clients.length]!;
  const item = (index: number) => items[index % items.length]!;
  const picture = await pictureOf(1);

  /** Writes rows to Postgres and waits for a standby. */
  const order: Ask = async (index) => {
    const body = { items: [{ productId: item(index).id, quantity: 1 }] };
    expectStatus(await client(index).post('/api/orders', { key: randomUUID(), body }), 201);
  };
  /** Writes to Redis and waits for a replica. */
  const cart: Ask = async (index) => {
    expectStatus(
      await client(index).put(`/api/cart/items/${item(index).id}`, { body: { quantity: 1 } }),
      200,
    );
  };
  /** Reads a session from Redis and rows from a replica of Postgres. */
  const orders: Ask = async (index) => expectStatus(await client(index).get('/api/orders?limit=5'), 200);
  const product: Ask = async (index) =>
    expectStatus(await client(index).get(`/api/products/${item(index).slug}`), 200);
  /** Writes bytes to MinIO and copies them there. */
  const upload: Ask = async (index) => {
    const body = {
      filename: 'photo.png',
      contentType: 'image/png',
      sizeBytes: picture.bytes.length,
      purpose: 'review',
    };
    const wanted = await client(index).post('/api/uploads', { key: randomUUID(), body });
    expectStatus(wanted, 201);
    const { url, headers, uploadId } = wanted.body;
    expectStatus(await client(index).put(url, { body: picture.bytes, headers }), 200);
    expectStatus(await client(index).post(`/api/uploads/${uploadId}/complete`), 202);
  };
  const turns = [order, orders, product, cart, orders];
  const mixed: Ask = (index) => turns[index % turns.length]!(index);
  return { order, cart, upload, mixed };
}

function expectStatus(reply: Reply, status: number): void {
  if (reply.status === status) return;
  throw new Error(`expected ${status}, got ${reply.status} ${JSON.stringify(reply.body).slice(0, 120)}`);
}
