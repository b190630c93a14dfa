import { randomUUID } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { databaseNodes, primaryNode, queryNode } from '@shop/chaos/topology/topology.ts';
import { makeItems } from '@shop/chaos/workload/items.ts';
import { ShopClient } from '@shop/shop-client/shop-client.ts';
import { edges } from '@shop/shop-client/topology-under-test.ts';

/**
 * Statements that read a customer's orders, counted by each node's own pg_stat_statements. Counted where they ran, not where
 * the API says that it sent them. The worker's reads of orders have no such column.
 */
async function readsByNode(): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const node of databaseNodes) {
    const [row] = await queryNode(
      node,
      `SELECT coalesce(sum(calls), 0) FROM pg_stat_statements
        WHERE query ILIKE 'select%from orders%' AND query LIKE '%AS "customerId"%'`,
    );
    counts.set(node, Number(row?.[0]));
  }
  return counts;
}

test('at least 90 % of the reads that reach Postgres are served by replicas, those of sessions that have just ordered included', async () => {
  const [item] = await makeItems(edges[0], 1);
  const shoppers = await Promise.all(
    Array.from({ length: 5 }, async () => {
      const client = new ShopClient(edges[0]);
      await client.register();
      const { body } = await client.post('/api/orders', {
        key: randomUUID(),
        body: { items: [{ productId: item!.id, quantity: 1 }] },
      });
      return { client, orderId: body.id };
    }),
  );

  const before = await readsByNode();
  // Twenty at a time: one after the other, a quiet shop may answer them all over the same connection, to one replica.
  const askers = Array.from({ length: 4 }, () => shoppers).flat();
  await Promise.all(
    askers.map(async ({ client, orderId }) => {
      for (let round = 0; round < 5; round += 1) {
        expect((await client.get(`/api/orders/${orderId}`)).status).toBe(200);
        expect((await client.get('/api/orders')).status).toBe(200);
      }
    }),
  );
  let grown = new Map<string, number>();
  const total = () => [...grown.values()].reduce((sum, count) => sum + count, 0);
  // Postgres counts a statement when it ends it, and may have sent the rows before.
  await expect
    .poll(
      async () => {
        const now = await readsByNode();
        grown = new Map(databaseNodes.map((node) => [node, now.get(node)! - before.get(node)!]));
        return total();
      },
      { message: 'reads counted at the nodes' },
    )
    .toBeGreaterThanOrEqual(200);

  const primary = await primaryNode();
  const byReplicas = total() - grown.get(primary)!;
  expect(byReplicas / total(), `${byReplicas} of ${total()} reads by replicas`).toBeGreaterThanOrEqual(0.9);
  for (const node of databaseNodes.filter((name) => name !== primary)) {
    expect(grown.get(node), `reads served by ${node}`).toBeGreaterThan(0);
  }
});

test('an order is seen by its session in the very next read, on both edges and every replica', async () => {
  const [item] = await makeItems(edges[0], 1);
  const client = new ShopClient(edges[0]);
  await client.register();
  for (let round = 0; round < 30; round += 1) {
    const { body } = await client.post('/api/orders', {
      key: randomUUID(),
      body: { items: [{ productId: item!.id, quantity: 1 }] },
    });
    expect((await client.get(`/api/orders/${body.id}`)).status).toBe(200);
    expect((await client.get('/api/orders?limit=1')).body.items[0].id).toBe(body.id);
    const { body: product } = await client.get(`/api/products/${item!.slug}`);
    expect(product.stock).toBe(item!.initialStock - round - 1);
  }
});

test('every session sees a change of the stock within two seconds', async () => {
  const [item] = await makeItems(edges[0], 1, 1_000);
  const buyer = new ShopClient(edges[0]);
  await buyer.register();
  const onlookers = edges.map((edge) => new ShopClient(edge));
  for (let round = 0; round < 5; round += 1) {
    // Keeps the old answer warm in every cache.
    for (const onlooker of onlookers) await onlooker.get(`/api/products/${item!.slug}`);
    const { status } = await buyer.post('/api/orders', {
      key: randomUUID(),
      body: { items: [{ productId: item!.id, quantity: 1 }] },
    });
    expect(status).toBe(201);
    const placedAt = Date.now();
    for (const onlooker of onlookers) {
      let stock: number;
      let askedAt: number;
      // At least one look begins two seconds after the order, however slow the others were.
      do {
        askedAt = Date.now();
        stock = (await onlooker.get(`/api/products/${item!.slug}`)).body.stock;
        // Not a hammer: one look every tenth of a second.
        await new Promise((resolve) => setTimeout(resolve, Math.max(0, 100 - (Date.now() - askedAt))));
      } while (stock !== 999 - round && askedAt - placedAt < 2_000);
      expect(stock, `stock at ${onlooker.edge} two seconds after the order`).toBe(999 - round);
    }
  }
});
