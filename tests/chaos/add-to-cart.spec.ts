import { expect, test } from '@playwright/test';
import { nothingFailed } from '@shop/chaos/checkers/nothing-failed.ts';
import { ownWritesAreRead } from '@shop/chaos/checkers/own-writes-are-read.ts';
import { kill, startAgain } from '@shop/chaos/faults/kill.ts';
import { runScenario } from '@shop/chaos/scenarios/run.ts';
import { withBrokenReplicas } from '@shop/chaos/topology/broken-replicas.ts';
import { untilReplicasServe } from '@shop/chaos/topology/ready.ts';
import { running } from '@shop/chaos/topology/topology.ts';
import { edges } from '@shop/shop-client/topology-under-test.ts';

/**
 * Each shopper adds to one cart several times at once, as from several tabs, and a replica of the API dies in the middle:
 * additions are repeated under their keys.
 */
async function addAtOnce(name: string) {
  const replicas = await running('api');
  const [victim] = replicas;
  return await runScenario({
    name,
    client: 'retrying',
    // One product, so that all additions of a cart meet.
    stock: { items: 1, initialStock: 100_000 },
    ratePerSecond: 10,
    fault: async (history, shoppers) => {
      history.mark(`SIGKILL ${victim!.name} in the middle of 48 additions`);
      await Promise.all([shoppers.burst('add', 48), kill(victim!)]);
      await shoppers.burst('read-cart', 24);
    },
    undo: async () => {
      await startAgain(victim!);
      await untilReplicasServe(edges[0], replicas.length);
    },
  });
}

test('no addition to a cart is lost or counts twice when a replica dies in the middle of several at once', async () => {
  const { history, items } = await addAtOnce('add-to-cart');
  nothingFailed(history, 2);
  expect(ownWritesAreRead(history, items).carts).toBeGreaterThan(0);
});

test('control: the checker objects to additions that read the cart and then write it', async () => {
  await withBrokenReplicas('cart-reads-then-writes', 2, async () => {
    const { history, items } = await addAtOnce('cart-reads-then-writes');
    expect(() => ownWritesAreRead(history, items)).toThrow(/the cart has \d+ of/);
  });
});
