import { expect, test } from '@playwright/test';
import { everyPromiseIsKept } from '@shop/chaos/checkers/every-promise.ts';
import { untilPodsAreReady } from '@shop/chaos/faults/pods.ts';
import { runScenario } from '@shop/chaos/scenarios/run.ts';
import { clusterUnderTest } from '@shop/chaos/topology/cluster-under-test.ts';
import { primaryNode } from '@shop/chaos/topology/topology.ts';
import { kubectl, podsOf } from '@shop/cluster/kubectl.ts';

const admin = (...args: string[]) => kubectl(clusterUnderTest(), args);

test('no operation fails when the machine of the Postgres primary is drained and comes back', async () => {
  const before = await untilPodsAreReady(undefined, 1);
  const primary = await primaryNode();
  const machine = before.find(({ name }) => name === primary)!.node;
  const run = await runScenario({
    name: 'kubernetes-drain',
    client: 'retrying',
    // All four machines share the processors of this one, and nine pods start elsewhere at the same time.
    ratePerSecond: 5,
    fault: async (history) => {
      history.mark(`drain ${machine}, with ${primary}`);
      await admin('drain', machine, '--delete-emptydir-data', '--ignore-daemonsets', '--timeout=300s');
      const left = (await podsOf(clusterUnderTest())).filter(
        ({ node, leaving }) => node === machine && !leaving,
      );
      expect(left.map(({ name }) => name).filter((name) => !/^(migrate|seed|buckets)-/.test(name))).toEqual(
        [],
      );
      history.mark(`${machine} is back`);
      await admin('uncordon', machine);
    },
    undo: async () => {
      await admin('uncordon', machine);
      await untilPodsAreReady(undefined, 1);
    },
  });
  await everyPromiseIsKept(run);
});
