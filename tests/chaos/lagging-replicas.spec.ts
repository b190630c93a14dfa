import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { nothingFailed } from '@shop/chaos/checkers/nothing-failed.ts';
import { ownWritesAreRead } from '@shop/chaos/checkers/own-writes-are-read.ts';
import type { Fault } from '@shop/chaos/faults/fault.ts';
import { lag } from '@shop/chaos/faults/lag.ts';
import { together } from '@shop/chaos/faults/together.ts';
import { runScenario } from '@shop/chaos/scenarios/run.ts';
import { withBrokenReplicas } from '@shop/chaos/topology/broken-replicas.ts';
import { quiesce } from '@shop/chaos/topology/quiesce.ts';
import { databaseNodes, primaryNode } from '@shop/chaos/topology/topology.ts';
import { makeItems } from '@shop/chaos/workload/items.ts';
import { ShopClient } from '@shop/shop-client/shop-client.ts';
import { edges } from '@shop/shop-client/topology-under-test.ts';
import pWaitFor from 'p-wait-for';

/** Both replicas show everything this much later. */
async function laggingReplicas(delayMs = 3_000): Promise<Fault> {
  const primary = await primaryNode();
  return together(...databaseNodes.filter((node) => node !== primary).map((node) => lag(node, delayMs)));
}

/** Shoppers look at what they have just ordered. */
async function shopWhileReplicasLag(name: string) {
  const lagging = await laggingReplicas();
  return await runScenario({
    name,
    baselineMs: 1_000,
    fault: async (history, shoppers) => {
      await lagging.strike();
      history.mark(lagging.name);
      await shoppers.burst('order', 12);
      await shoppers.burst('orders', 24);
      await shoppers.burst('read-back', 24);
      await sleep(2_000);
    },
    undo: lagging.undo,
    afterMs: 1_000,
  });
}

test('a session reads its own writes while every replica lags by three seconds', async () => {
  const { history, items } = await shopWhileReplicasLag('lagging-replicas');
  nothingFailed(history, 1.25);
  ownWritesAreRead(history, items);
});

test('control: the checker objects to reads that ignore the watermark: a session does not see its own write', async () => {
  await withBrokenReplicas('reads-ignore-the-watermark', 1, async () => {
    const { history, items } = await shopWhileReplicasLag('reads-ignore-the-watermark');
    expect(() => ownWritesAreRead(history, items)).toThrow(
      /was not found|is missing from the list|was cancelled and is (shown|listed) as|can be left/,
    );
  });
});

test('a session that has just written finds a product that another session has just put on sale, while every replica lags', {
  tag: '@nightly',
}, async () => {
  const shopper = new ShopClient(edges[0]);
  // From here on this session reads past the cache, from replicas that have its own writes and need have no others.
  await shopper.register();
  const lagging = await laggingReplicas();
  try {
    await lagging.strike();
    const [item] = await makeItems(edges[0], 1);
    expect((await shopper.put(`/api/cart/items/${item!.id}`, { body: { quantity: 1 } })).status).toBe(200);
    expect((await shopper.get(`/api/products/${item!.slug}`)).status).toBe(200);
  } finally {
    await lagging.undo();
  }
});

test('a replica that is 30 s behind serves no session, however little the session must see', {
  tag: '@nightly',
}, async () => {
  const [item] = await makeItems(edges[0], 1);
  const shopper = new ShopClient(edges[0]);
  await shopper.register();
  // The same customer in a second browser, which does not write: the replicas have all that this session must see.
  const onlooker = shopper.snapshot();
  await quiesce();
  // Longer than this test looks, so no replica shows the order by itself.
  const lagging = await laggingReplicas(120_000);
  try {
    await lagging.strike();
    const { status, body } = await shopper.post('/api/orders', {
      key: randomUUID(),
      body: { items: [{ productId: item!.id, quantity: 1 }] },
    });
    expect(status).toBe(201);
    const look = async () => (await onlooker.get(`/api/orders/${body.id}`)).status;
    expect(await look(), 'a replica serves while it is a little behind, and does not know the order').toBe(
      404,
    );
    await pWaitFor(async () => (await look()) === 200, {
      interval: 500,
      timeout: { milliseconds: 45_000, message: 'a replica serves that is more than 30 s behind' },
    });
  } finally {
    await lagging.undo();
  }
});
