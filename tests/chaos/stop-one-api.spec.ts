import { expect, test } from '@playwright/test';
import { nothingFailed } from '@shop/chaos/checkers/nothing-failed.ts';
import { everyAcknowledgedOrderExistsOnce } from '@shop/chaos/checkers/orders-exist-once.ts';
import { stockIsConserved } from '@shop/chaos/checkers/stock-conserved.ts';
import { amidRegistrations } from '@shop/chaos/faults/hold-registrations.ts';
import { startAgain } from '@shop/chaos/faults/kill.ts';
import { stop } from '@shop/chaos/faults/stop.ts';
import { runScenario } from '@shop/chaos/scenarios/run.ts';
import { withBrokenReplicas } from '@shop/chaos/topology/broken-replicas.ts';
import { quiesce } from '@shop/chaos/topology/quiesce.ts';
import { untilReplicasServe } from '@shop/chaos/topology/ready.ts';
import { running } from '@shop/chaos/topology/topology.ts';
import { edges } from '@shop/shop-client/topology-under-test.ts';

/**
 * Stops every replica once, gracefully. A tenth of the traffic are POSTs without a key, and at each stop more of them
 * are in progress: the edge may not repeat those, so only the replica's own draining can save them.
 */
async function stopReplicasUnderLoad() {
  const victims = await running('api');
  return await runScenario({
    name: 'stop-one-api',
    unkeyed: true,
    fault: async (history, shoppers) => {
      for (const victim of victims) {
        await amidRegistrations(shoppers, async () => {
          history.mark(`SIGTERM ${victim.name}`);
          await stop(victim);
        });
        await startAgain(victim);
        await untilReplicasServe(edges[0], victims.length);
      }
    },
    undo: async () => {
      for (const victim of victims) await startAgain(victim);
      await untilReplicasServe(edges[0], victims.length);
    },
  });
}

test('no request fails when API replicas are stopped gracefully, POSTs without a key included', async () => {
  const { history, items } = await stopReplicasUnderLoad();

  nothingFailed(history);
  const unkeyed = history.aroundFault(1_000, 3_000).filter(({ kind }) => kind === 'unkeyed');
  expect(unkeyed.length, 'POSTs without a key around the fault').toBeGreaterThan(5);
  await quiesce();
  await everyAcknowledgedOrderExistsOnce(history, items);
  await stockIsConserved(items);
});

test('control: the checker objects to replicas that do not drain', async () => {
  await withBrokenReplicas('api-does-not-drain', 2, async () => {
    const { history } = await stopReplicasUnderLoad();
    expect(() => nothingFailed(history)).toThrow(/operations failed/);
  });
});
