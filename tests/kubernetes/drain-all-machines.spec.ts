import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { everyPromiseIsKept } from '@shop/chaos/checkers/every-promise.ts';
import { nothingFailed } from '@shop/chaos/checkers/nothing-failed.ts';
import { untilPodsAreReady } from '@shop/chaos/faults/pods.ts';
import { withBrokenChart } from '@shop/chaos/faults/release.ts';
import { type Run, runScenario } from '@shop/chaos/scenarios/run.ts';
import { clusterUnderTest } from '@shop/chaos/topology/cluster-under-test.ts';
import { placeAnew } from '@shop/chaos/topology/deployments.ts';
import { kubectl, podsOf } from '@shop/cluster/kubectl.ts';
import { nodes } from '@shop/cluster/own-cluster.ts';

/** Two pods each, both on the way of every call; neither keeps connections for longer than a few seconds when it ends. */
const services = ['edge', 'pgbouncer'];
/** Longer than a client repeats a call, 30 s, and than the pods need to end. */
const closedMs = 45_000;

const admin = (...args: string[]) => kubectl(clusterUnderTest(), args);

/** Evicts all pods of the services, wherever they stand; kubectl repeats every 5 s an eviction that a budget refuses. */
async function drain(): Promise<void> {
  const pods = ['--pod-selector', `app.kubernetes.io/name in (${services})`];
  const flags = [...pods, '--delete-emptydir-data', '--ignore-daemonsets', '--timeout=300s'];
  await Promise.all(nodes.map((node) => admin('drain', node, ...flags)));
}

/**
 * Every machine is drained at once, as by an upgrade of the cluster in a hurry, and for 45 s none takes a new pod. So what one
 * eviction may take away is away as long as that.
 */
async function drainAllMachines(name: string): Promise<Run> {
  await untilPodsAreReady(undefined, 1);
  return await runScenario({
    name,
    client: 'retrying',
    ratePerSecond: 5,
    fault: async (history) => {
      history.mark(`drain ${nodes.join(', ')}`);
      await admin('cordon', ...nodes);
      const drained = drain();
      try {
        await sleep(closedMs);
        for (const service of services) {
          const waiting = (await podsOf(clusterUnderTest(), service)).filter(({ node }) => !node);
          console.log(`${service}: ${waiting.length} of 2 pods wait for a machine`);
          expect(waiting, `pods of ${service} that wait for a machine`).not.toEqual([]);
        }
      } finally {
        await admin('uncordon', ...nodes);
        await drained;
      }
      await Promise.all(services.map((service) => untilPodsAreReady(service, 2)));
    },
    undo: async () => {
      await admin('uncordon', ...nodes);
      // What waited stands on the machine that was the first to take pods.
      await placeAnew(services);
      await untilPodsAreReady(undefined, 1);
    },
  });
}

test('no operation fails when all machines are drained at once: each service loses one pod, then the next', async () => {
  await everyPromiseIsKept(await drainAllMachines('kubernetes-drain-all'));
});

test('control: the checker objects to a chart without disruption budgets', async () => {
  await withBrokenChart('no-disruption-budgets', async () => {
    const { history } = await drainAllMachines('kubernetes-drain-all-without-budgets');
    expect(() => nothingFailed(history)).toThrow(/operations failed/);
  });
});
