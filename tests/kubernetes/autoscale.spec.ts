import { expect, test } from '@playwright/test';
import { everyPromiseIsKept } from '@shop/chaos/checkers/every-promise.ts';
import { untilPodsAreReady } from '@shop/chaos/faults/pods.ts';
import { runScenario } from '@shop/chaos/scenarios/run.ts';
import { clusterUnderTest } from '@shop/chaos/topology/cluster-under-test.ts';
import { guestsWhoLook } from '@shop/chaos/workload/guests.ts';
import { kubectl } from '@shop/cluster/kubectl.ts';
import { edges } from '@shop/shop-client/topology-under-test.ts';
import pWaitFor from 'p-wait-for';

/** The fewest pods use less than the autoscaler's target while shoppers alone call, and more with these guests. */
const guestsPerSecond = 60;
/** Figures of a pod are up to 15 s old, and each step waits for the ones after it. */
const patienceMs = 300_000;

const admin = (...args: string[]) => kubectl(clusterUnderTest(), args);

type ScaleDown = { stabilizationWindowSeconds: number; policies: object[] };
type Autoscaler = { minReplicas: number; maxReplicas: number; behavior: { scaleDown: ScaleDown } };

/** The autoscaler of the API as the chart has made it. */
async function autoscaler(): Promise<Autoscaler> {
  return JSON.parse(await admin('get', 'hpa', 'api', '--output', 'json')).spec;
}

/** Sets how long the autoscaler waits before it takes pods away, and how many it takes at once. */
const scaleDownBy = (scaleDown: ScaleDown) =>
  admin(
    ...['patch', 'hpa', 'api', '--type=merge', '--patch'],
    JSON.stringify({ spec: { behavior: { scaleDown } } }),
  );

/** The test would wait for the chart's five minutes. */
const soon = {
  stabilizationWindowSeconds: 15,
  policies: [{ type: 'Pods', value: 1, periodSeconds: 15 }],
};

/** Waits until the autoscaler wants this number of pods, and they are there, ready, and no other. */
async function untilScaledTo(count: number): Promise<void> {
  const isWanted = async () =>
    Number(await admin('get', 'deployment', 'api', '--output', 'jsonpath={.spec.replicas}')) === count;
  const message = `the autoscaler does not want ${count} pods`;
  await pWaitFor(isWanted, { interval: 1_000, timeout: { milliseconds: patienceMs, message } });
  const othersAreThere = `${count} pods are wanted and others are there`;
  await pWaitFor(async () => (await untilPodsAreReady('api', count)).length === count, {
    interval: 500,
    timeout: { milliseconds: patienceMs, message: othersAreThere },
  });
}

test('a load that rises starts pods, one that falls drains them, and no request fails', async () => {
  const { minReplicas: fewest, maxReplicas: most, behavior } = await autoscaler();
  expect(most).toBeGreaterThan(fewest);
  await scaleDownBy(soon);
  try {
    await untilScaledTo(fewest);
    const peak = await guestsWhoLook(edges[1], guestsPerSecond);
    let errors: string[] = [];
    const run = await runScenario({
      name: 'kubernetes-autoscale',
      ratePerSecond: 5,
      fault: async (history) => {
        history.mark('the load rises');
        const startedAt = Date.now();
        peak.start();
        await untilScaledTo(most);
        console.log(
          `${most} pods serve ${((Date.now() - startedAt) / 1_000).toFixed(0)} s after the load rose`,
        );
        errors = (await peak.stop()).flatMap(({ error = [] }) => error);
        history.mark('the load falls');
        await untilScaledTo(fewest);
      },
      undo: async () => void (await peak.stop()),
    });
    await everyPromiseIsKept(run);
    expect(errors, 'calls of guests that failed').toEqual([]);
  } finally {
    await scaleDownBy(behavior.scaleDown);
  }
});
