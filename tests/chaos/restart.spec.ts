import { expect, test } from '@playwright/test';
import { nothingFailed } from '@shop/chaos/checkers/nothing-failed.ts';
import { everyAcknowledgedOrderExistsOnce } from '@shop/chaos/checkers/orders-exist-once.ts';
import { stockIsConserved } from '@shop/chaos/checkers/stock-conserved.ts';
import { amidRegistrations } from '@shop/chaos/faults/hold-registrations.ts';
import { startAgain } from '@shop/chaos/faults/kill.ts';
import { restart } from '@shop/chaos/faults/restart.ts';
import { runScenario } from '@shop/chaos/scenarios/run.ts';
import { quiesce } from '@shop/chaos/topology/quiesce.ts';
import { untilReplicasServe } from '@shop/chaos/topology/ready.ts';
import { running } from '@shop/chaos/topology/topology.ts';
import { withVariant } from '@shop/chaos/topology/variants.ts';
import { edges } from '@shop/shop-client/topology-under-test.ts';

/**
 * Restarts one container of each service, one after the other; replicas of the API in the middle of POSTs without a key,
 * which no edge may repeat.
 */
async function restartUnderLoad(services: string[]) {
  return await runScenario({
    name: 'restart',
    fault: async (history, shoppers) => {
      for (const service of services) {
        const [container] = await running(service);
        const strike = async () => {
          history.mark(`restart ${container!.name}`);
          await restart(container!);
        };
        await (service === 'api' ? amidRegistrations(shoppers, strike) : strike());
        await untilReplicasServe(edges[0], 3);
      }
    },
    undo: async () => {
      for (const service of services) {
        for (const container of await running(service)) await startAgain(container);
      }
      await untilReplicasServe(edges[0], 3);
    },
  });
}

test('no request fails while a container of each stateless service, and the other edge, is restarted', async () => {
  const services = ['api', 'worker', 'pgbouncer', 'payments', 'cache', 'mail', 'edge-2'];
  const { history, items } = await restartUnderLoad(services);

  nothingFailed(history);
  await quiesce();
  await everyAcknowledgedOrderExistsOnce(history, items);
  await stockIsConserved(items);
});

test('control: the checker objects to replicas that do not drain', { tag: '@nightly' }, async () => {
  await withVariant('api-does-not-drain', async () => {
    const { history } = await restartUnderLoad(['api', 'api', 'api']);
    expect(() => nothingFailed(history)).toThrow(/operations failed/);
  });
});
