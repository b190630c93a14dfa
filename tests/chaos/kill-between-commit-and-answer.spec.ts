import { expect, test } from '@playwright/test';
import { bookDelivery, type Delivery, noDeliveryIsBookedTwice } from '@shop/chaos/checkers/deliveries.ts';
import { effectsHappenOnce } from '@shop/chaos/checkers/effects-happen-once.ts';
import { nothingFailed } from '@shop/chaos/checkers/nothing-failed.ts';
import { everyAcknowledgedOrderExistsOnce, lostAndDoubled } from '@shop/chaos/checkers/orders-exist-once.ts';
import { stockIsConserved } from '@shop/chaos/checkers/stock-conserved.ts';
import { holdReplication } from '@shop/chaos/faults/hold-replication.ts';
import { killed } from '@shop/chaos/faults/kill.ts';
import { together } from '@shop/chaos/faults/together.ts';
import { runScenario } from '@shop/chaos/scenarios/run.ts';
import { withBrokenReplicas } from '@shop/chaos/topology/broken-replicas.ts';
import { quiesce } from '@shop/chaos/topology/quiesce.ts';
import { untilReplicasServe } from '@shop/chaos/topology/ready.ts';
import { primaryNode, running } from '@shop/chaos/topology/topology.ts';
import { withVariant } from '@shop/chaos/topology/variants.ts';
import { untilCommitsWait } from '@shop/chaos/topology/waiting-commits.ts';
import { adminClient, makeItems } from '@shop/chaos/workload/items.ts';
import { edges } from '@shop/shop-client/topology-under-test.ts';

/**
 * Kills all API replicas but one while commits that they have sent stand in the primary and wait for a standby: they are
 * done, and no client has been told. All but one, since the one that is left cannot have sent all that wait. Orders carry a
 * key and may be repeated; deliveries carry none and may not.
 */
async function killBetweenCommitAndAnswer(name: string) {
  const replicas = await running('api');
  const death = together(...replicas.slice(1).map(killed));
  const admin = await adminClient(edges[0]);
  const shelf = await makeItems(edges[0], 9);
  const replication = holdReplication();
  let deliveries: Delivery[] = [];
  const run = await runScenario({
    name,
    client: 'retrying',
    baselineMs: 2_000,
    fault: async (history, shoppers) => {
      const primary = await primaryNode();
      await replication.strike();
      // First the deliveries, each of its own product, so that they need not wait for the orders' connections. The more
      // of them wait, the less likely it is that the replica that is left has sent them all.
      const booked = Promise.all(shelf.map((item) => bookDelivery(admin, item)));
      await untilCommitsWait(primary, 'deliveries', 7);
      const orders = shoppers.burstOfDistinctItems('order', 16);
      await untilCommitsWait(primary, 'orders', 8);
      history.mark(`${death.name} between commit and answer`);
      await death.strike();
      await replication.undo();
      deliveries = await booked;
      await orders;
    },
    undo: async () => {
      await replication.undo();
      await death.undo();
      await untilReplicasServe(edges[0], replicas.length);
    },
    afterMs: 2_000,
  });
  await quiesce();
  return { ...run, deliveries };
}

test('an order is placed once, with its effects, when replicas die between commit and answer', async () => {
  const { history, items, deliveries } = await killBetweenCommitAndAnswer('between-commit-and-answer');
  nothingFailed(history, 0.75);
  await everyAcknowledgedOrderExistsOnce(history, items);
  await stockIsConserved(items);
  await effectsHappenOnce(items, { history });
  await noDeliveryIsBookedTwice(deliveries);
  expect(deliveries.filter(({ acknowledged }) => !acknowledged).length, 'answers that died').toBeGreaterThan(
    0,
  );
});

test('control: the checker objects to orders without the row of their key: one is doubled', async () => {
  await withBrokenReplicas('no-idempotency-row', 2, async () => {
    const { history, items } = await killBetweenCommitAndAnswer('no-idempotency-row');
    await expect(everyAcknowledgedOrderExistsOnce(history, items)).rejects.toThrow(
      /answers no call of the history/,
    );
    const { lost, doubled } = await lostAndDoubled(history, items);
    expect({ lost, hasDoubled: doubled.length > 0 }).toEqual({ lost: [], hasDoubled: true });
  });
});

test('control: the checker objects to publishing after the commit without a relay: effects are lost', {
  tag: '@nightly',
}, async () => {
  await withVariant('published-after-commit', async () => {
    const { items } = await killBetweenCommitAndAnswer('published-after-commit');
    await expect(effectsHappenOnce(items, { timeoutMs: 15_000 })).rejects.toThrow(/without their effects/);
  });
});

test('control: the checker objects to an edge that repeats calls without a key: a delivery is booked twice', {
  tag: '@nightly',
}, async () => {
  await withVariant('edge-repeats-what-has-no-key', async () => {
    const { deliveries } = await killBetweenCommitAndAnswer('edge-repeats-what-has-no-key');
    await expect(noDeliveryIsBookedTwice(deliveries)).rejects.toThrow(/is booked 2 times/);
  });
});
