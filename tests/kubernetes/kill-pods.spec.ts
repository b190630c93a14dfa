import { expect, test } from '@playwright/test';
import { everyPromiseIsKept } from '@shop/chaos/checkers/every-promise.ts';
import { killPod, untilPodsAreReady } from '@shop/chaos/faults/pods.ts';
import { runScenario } from '@shop/chaos/scenarios/run.ts';
import { longestStallOfOrdersMs } from '@shop/chaos/topology/fencing.ts';
import { primaryNode } from '@shop/chaos/topology/topology.ts';

test('no request fails and no order is lost or doubled when API pods are killed', async () => {
  const run = await runScenario({
    name: 'kubernetes-kill',
    fault: async (history) => {
      for (const place of [0, 1, 2]) {
        // The autoscaler may have taken pods away.
        const victim = (await untilPodsAreReady('api', 3))[place]!;
        history.mark(`SIGKILL ${victim.name}`);
        await killPod(victim);
      }
    },
    undo: async () => void (await untilPodsAreReady('api', 3)),
  });
  await everyPromiseIsKept(run);
});

test('no acknowledged order is lost, and every order succeeds in the end, when the pod of the Postgres primary is killed', async () => {
  const before = await primaryNode();
  const victim = (await untilPodsAreReady('db', 3)).find(({ name }) => name === before);
  const run = await runScenario({
    name: 'kubernetes-kill-primary',
    client: 'retrying',
    fault: async (history) => {
      history.mark(`SIGKILL ${before}`);
      await killPod(victim!);
    },
    undo: async () => void (await untilPodsAreReady('db', 3)),
  });
  await everyPromiseIsKept(run);
  const stallMs = longestStallOfOrdersMs(run.history);
  console.log(
    `${before} was killed, ${await primaryNode()} leads: ${stallMs} ms without an acknowledged order`,
  );
  // Patroni's lease: 20 s without a fencer, and the votes after it.
  expect(stallMs, 'ms without an acknowledged order').toBeLessThan(40_000);
});
