import { expect, test } from '@playwright/test';
import { nothingFailed } from '@shop/chaos/checkers/nothing-failed.ts';
import { everyAcknowledgedOrderExistsOnce } from '@shop/chaos/checkers/orders-exist-once.ts';
import { stockIsConserved } from '@shop/chaos/checkers/stock-conserved.ts';
import { scale } from '@shop/chaos/faults/scale.ts';
import { runScenario } from '@shop/chaos/scenarios/run.ts';
import { quiesce } from '@shop/chaos/topology/quiesce.ts';
import { servingReplicas, untilReplicasServe } from '@shop/chaos/topology/ready.ts';
import { withVariant } from '@shop/chaos/topology/variants.ts';
import { edges } from '@shop/shop-client/topology-under-test.ts';

/** Three to five to two under load. `atFive` looks at the topology while five should serve. */
async function scaleUnderLoad(atFive: () => Promise<void>) {
  return await runScenario({
    name: 'scale-api',
    fault: async (history, shoppers) => {
      await scale('api', 5);
      await atFive();
      // The fifth serves only for seconds: at a low rate it might not be asked.
      await shoppers.burst('who', 20);
      history.mark('scale 5 → 2');
      await scale('api', 2);
      await untilReplicasServe(edges[0], 2);
    },
    undo: () => scale('api', 3),
  });
}

test('no request fails when the API is scaled from three to five to two, and all five serve', async () => {
  const { history, items } = await scaleUnderLoad(() => untilReplicasServe(edges[0], 5));

  await untilReplicasServe(edges[0], 3);
  nothingFailed(history);
  expect(new Set(history.operations.map(({ replica }) => replica)).size).toBeGreaterThanOrEqual(5);
  await quiesce();
  await everyAcknowledgedOrderExistsOnce(history, items);
  await stockIsConserved(items);
});

test('control: the checker objects to an edge that looks names up only once', {
  tag: '@nightly',
}, async () => {
  await withVariant('edge-resolves-once', async () => {
    let served = 0;
    await scaleUnderLoad(async () => {
      served = (await servingReplicas(edges[0], 60)).size;
    });
    expect(served, 'replicas that serve although five run').toBe(3);
  });
});
