import { test } from '@playwright/test';
import { everyPromiseIsKept } from '@shop/chaos/checkers/every-promise.ts';
import { untilPodsAreReady } from '@shop/chaos/faults/pods.ts';
import { revisionOfRelease, rollBackRelease, upgradeRelease } from '@shop/chaos/faults/release.ts';
import { runScenario } from '@shop/chaos/scenarios/run.ts';

test('no operation fails while the chart is upgraded, which replaces edges, API, workers and payments, and while it is rolled back', async () => {
  const stateless = ['edge', 'api', 'worker', 'payments'];
  const pods = async () =>
    (await Promise.all(stateless.map((service) => untilPodsAreReady(service, 1))))
      .flat()
      .map(({ name }) => name);
  const before = new Set(await pods());
  const revision = await revisionOfRelease();
  let isUpgraded = false;
  const run = await runScenario({
    name: 'kubernetes-upgrade',
    client: 'retrying',
    ratePerSecond: 10,
    fault: async (history) => {
      history.mark('helm upgrade');
      // Both values are in the environment or the configuration of pods.
      isUpgraded = true;
      await upgradeRelease({ tracing: { ratio: 0.06 }, edge: { connections: 1_000 } });
      const kept = (await pods()).filter((name) => before.has(name));
      if (kept.length > 0) throw new Error(`the upgrade left ${kept.join(', ')} as they were`);
      history.mark('helm rollback');
      await rollBackRelease(revision);
      isUpgraded = false;
    },
    undo: async () => {
      if (isUpgraded) await rollBackRelease(revision);
      await untilPodsAreReady(undefined, 1);
    },
  });
  await everyPromiseIsKept(run);
});
