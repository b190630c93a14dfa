import { expect, test } from '@playwright/test';
import { effectsHappenOnce } from '@shop/chaos/checkers/effects-happen-once.ts';
import { loginsHold } from '@shop/chaos/checkers/logins-hold.ts';
import { nothingFailed } from '@shop/chaos/checkers/nothing-failed.ts';
import { everyAcknowledgedOrderExistsOnce } from '@shop/chaos/checkers/orders-exist-once.ts';
import { stockIsConserved } from '@shop/chaos/checkers/stock-conserved.ts';
import { kill, startAgain } from '@shop/chaos/faults/kill.ts';
import { runScenario } from '@shop/chaos/scenarios/run.ts';
import { withBrokenReplicas } from '@shop/chaos/topology/broken-replicas.ts';
import { quiesce } from '@shop/chaos/topology/quiesce.ts';
import { untilReplicasServe } from '@shop/chaos/topology/ready.ts';
import { running } from '@shop/chaos/topology/topology.ts';
import { withVariant } from '@shop/chaos/topology/variants.ts';
import { type Item, makeItems } from '@shop/chaos/workload/items.ts';
import { edges } from '@shop/shop-client/topology-under-test.ts';

/** Kills every replica once, one after the other, each time while the others serve. */
async function killReplicasUnderLoad(name: string, items?: Item[]) {
  const victims = await running('api');
  return await runScenario({
    name,
    ...(items && { items }),
    fault: async (history) => {
      for (const victim of victims) {
        history.mark(`SIGKILL ${victim.name}`);
        await kill(victim);
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

test('no request fails and no order is lost when API replicas are killed mid-traffic', async () => {
  const { history, items } = await killReplicasUnderLoad('kill-one-api');

  nothingFailed(history);
  await quiesce();
  const orders = await everyAcknowledgedOrderExistsOnce(history, items);
  await stockIsConserved(items);
  expect(await effectsHappenOnce(items)).toBe(orders);
  loginsHold(history);
});

test('control: the checker objects to an edge that repeats nothing', async () => {
  await withVariant('edge-repeats-nothing', async () => {
    const { history } = await killReplicasUnderLoad('edge-repeats-nothing');
    expect(() => nothingFailed(history)).toThrow(/operations failed/);
  });
});

test('control: the checker objects to sessions in the memory of a replica: a login is lost', async () => {
  // Made before: the administrator, too, loses the login at once.
  const items = await makeItems(edges[0], 30);
  await withBrokenReplicas('sessions-in-memory', 2, async () => {
    const { history } = await killReplicasUnderLoad('sessions-in-memory', items);
    expect(() => loginsHold(history)).toThrow(/a login holds until its logout: shopper-\d+ was refused/);
  });
});
