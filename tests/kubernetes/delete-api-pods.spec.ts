import { expect, test } from '@playwright/test';
import { everyPromiseIsKept } from '@shop/chaos/checkers/every-promise.ts';
import { nothingFailed } from '@shop/chaos/checkers/nothing-failed.ts';
import { amidRegistrations } from '@shop/chaos/faults/hold-registrations.ts';
import { deletePod, untilPodsAreReady } from '@shop/chaos/faults/pods.ts';
import { runScenario } from '@shop/chaos/scenarios/run.ts';
import { withVariant } from '@shop/chaos/topology/variants.ts';

const replicas = 3;

/**
 * Deletes an API pod as often as there are replicas, as a scale-in and a drained machine do. The autoscaler may take pods away
 * meanwhile, so each victim is one of those that are there at that moment. A tenth of the traffic are POSTs without a key, and at each
 * deletion more of them are in progress: no edge may repeat those, so only the pod's own draining can save them.
 */
async function deletePodsUnderLoad(name: string) {
  return await runScenario({
    name,
    unkeyed: true,
    fault: async (history, shoppers) => {
      for (let strike = 0; strike < replicas; strike += 1) {
        const [victim] = await untilPodsAreReady('api', replicas);
        await amidRegistrations(shoppers, async () => {
          history.mark(`delete ${victim!.name}`);
          await deletePod(victim!);
        });
      }
      await untilPodsAreReady('api', replicas);
    },
    undo: async () => void (await untilPodsAreReady('api', replicas)),
  });
}

test('no request fails when API pods are deleted as a scale-in deletes them, POSTs without a key included', async () => {
  const run = await deletePodsUnderLoad('kubernetes-delete');

  await everyPromiseIsKept(run);
  const unkeyed = run.history.aroundFault(1_000, 3_000).filter(({ kind }) => kind === 'unkeyed');
  expect(unkeyed.length, 'POSTs without a key around the fault').toBeGreaterThan(5);
});

test('control: the checker objects to API pods that do not drain', async () => {
  await withVariant('api-does-not-drain', async () => {
    const { history } = await deletePodsUnderLoad('kubernetes-delete-undrained');
    expect(() => nothingFailed(history)).toThrow(/operations failed/);
  });
});
