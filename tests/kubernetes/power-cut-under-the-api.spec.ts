import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { everyPromiseIsKept } from '@shop/chaos/checkers/every-promise.ts';
import { nothingFailed } from '@shop/chaos/checkers/nothing-failed.ts';
import { machineOf, machineOff } from '@shop/chaos/faults/machines.ts';
import { untilPodsAreReady } from '@shop/chaos/faults/pods.ts';
import { withBrokenChart } from '@shop/chaos/faults/release.ts';
import { type Run, runScenario } from '@shop/chaos/scenarios/run.ts';
import { clusterUnderTest } from '@shop/chaos/topology/cluster-under-test.ts';
import { placeAnew } from '@shop/chaos/topology/deployments.ts';
import { redisThatLeads } from '@shop/chaos/topology/targets.ts';
import { primaryNode } from '@shop/chaos/topology/topology.ts';
import { podsOf } from '@shop/cluster/kubectl.ts';
import type { Machine } from '@shop/cluster/own-cluster.ts';

/** Longer than a client repeats a call, 30 s, with seconds in which calls begin that cannot succeed. */
const offMs = 45_000;

/**
 * Places pods anew and finds a machine on which API pods stand, and nothing else that all calls need: power-cut.spec.ts is about the
 * leaders of the stores.
 */
async function machineOfTheApi(): Promise<Machine> {
  await placeAnew(['api'], await Promise.all([await primaryNode(), await redisThatLeads()].map(machineOf)));
  const [first] = await untilPodsAreReady('api', 3);
  await placeAnew(['edge', 'pgbouncer'], [first!.node]);
  return first!.node as Machine;
}

/** One of the machines with API pods loses its power. @returns the machines that had some. */
async function cutThePowerUnderTheApi(name: string): Promise<{ run: Run; machines: Set<string> }> {
  const cut = machineOff(await machineOfTheApi());
  let machines = new Set<string>();
  const run = await runScenario({
    name,
    client: 'retrying',
    ratePerSecond: 5,
    fault: async (history) => {
      const pods = await podsOf(clusterUnderTest(), 'api');
      machines = new Set(pods.filter(({ ready }) => ready).map(({ node }) => node));
      history.mark(`${cut.name}; API pods on ${[...machines].join(', ')}`);
      await cut.strike();
      await sleep(offMs);
    },
    undo: async () => {
      await cut.undo();
      await untilPodsAreReady(undefined, 1);
    },
  });
  return { run, machines };
}

test('no operation fails when a machine with an API pod loses its power', async () => {
  const { run, machines } = await cutThePowerUnderTheApi('kubernetes-power-cut-api');
  expect(machines.size, 'machines with API pods').toBeGreaterThan(1);
  await everyPromiseIsKept(run);
});

test('control: the checker objects to a chart that puts the API pods on one machine', async () => {
  await withBrokenChart('api-pods-together', async () => {
    const { run, machines } = await cutThePowerUnderTheApi('kubernetes-power-cut-api-together');
    expect(machines.size, 'machines with API pods').toBe(1);
    expect(() => nothingFailed(run.history)).toThrow(/operations failed/);
  });
});
