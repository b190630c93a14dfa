import { randomUUID } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { pause, unpause } from '@shop/chaos/faults/pause.ts';
import { quiesce } from '@shop/chaos/topology/quiesce.ts';
import { databaseNodes, primaryNode, queryNode, running } from '@shop/chaos/topology/topology.ts';
import { withVariant } from '@shop/chaos/topology/variants.ts';
import { untilCommitsWait } from '@shop/chaos/topology/waiting-commits.ts';
import { makeItems } from '@shop/chaos/workload/items.ts';
import { ShopClient } from '@shop/shop-client/shop-client.ts';
import { edges } from '@shop/shop-client/topology-under-test.ts';

const waiting = `FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND query LIKE 'COMMIT%'`;

/**
 * Orders while no standby can answer, and cancels the wait: Postgres then says COMMIT with a mere warning, for a
 * commit that only this node has. @returns the status of that first answer, and the key and client to ask again with.
 */
async function orderWhoseWaitIsCancelled() {
  const [item] = await makeItems(edges[0], 1);
  const client = new ShopClient(edges[0]);
  await client.register();
  const key = randomUUID();
  const order = () =>
    client.post('/api/orders', { key, body: { items: [{ productId: item!.id, quantity: 1 }] } });
  await quiesce();

  const primary = await primaryNode();
  const standbys = (
    await Promise.all(databaseNodes.filter((node) => node !== primary).map((node) => running(node)))
  ).flat();
  try {
    for (const standby of standbys) await pause(standby);
    const first = order();
    await untilCommitsWait(primary, 'orders', 1);
    await queryNode(primary, `SELECT pg_cancel_backend(pid) ${waiting}`);
    return { first: (await first).status, order, client };
  } finally {
    for (const standby of standbys) await unpause(standby);
    await quiesce();
  }
}

test('a commit whose wait for a standby was cancelled is not acknowledged, and its key makes one order later', async () => {
  const { first, order, client } = await orderWhoseWaitIsCancelled();
  expect(first, 'the answer while no standby has the commit').toBe(504);
  const answer = await order();
  expect(answer.status).toBe(201);
  expect((await client.get('/api/orders')).body.items.map(({ id }: { id: string }) => id)).toEqual([
    answer.body.id,
  ]);
});

test('control: the checker objects to a build that takes the cancelled wait for success', {
  tag: '@nightly',
}, async () => {
  await withVariant('cancelled-wait-is-success', async () => {
    const { first } = await orderWhoseWaitIsCancelled();
    expect(first, 'an order acknowledged that no standby has').toBe(201);
  });
});
