import { type BrokenChart, onBrokenChart } from '@shop/cluster/broken-charts.ts';
import { helm, release } from '@shop/cluster/helm.ts';
import { chartUnderTest } from '@shop/shop-client/topology-under-test.ts';
import { clusterUnderTest } from '../topology/cluster-under-test.ts';

/** Each pod of a service starts and each drains, one after the other, on a busy machine. */
const patience = ['--wait', '--timeout', '8m'];

/** The number of the installation or upgrade that is in effect, to which `rollBackRelease` returns. */
export async function revisionOfRelease(): Promise<number> {
  const history = await helm(clusterUnderTest(), ['history', release, '--max', '1', '--output', 'json']);
  return JSON.parse(history)[0].revision;
}

/** Upgrades the shop on the cluster to other values of the chart, and waits until every pod is replaced that they concern. */
export async function upgradeRelease(values: object): Promise<void> {
  await upgradeTo(soundChart(), values);
}

/** Returns to a revision, and waits as `upgradeRelease` does. */
export async function rollBackRelease(revision: number): Promise<void> {
  await helm(clusterUnderTest(), ['rollback', release, String(revision), ...patience]);
}

/** Runs `body` on the shop from a chart that is broken in one place, and returns to the revision of before, also after a failure. */
export async function withBrokenChart(name: BrokenChart, body: () => Promise<void>): Promise<void> {
  const revision = await revisionOfRelease();
  await onBrokenChart(soundChart(), name, async (chart) => {
    try {
      await upgradeTo(chart, {});
      await body();
    } finally {
      await rollBackRelease(revision);
    }
  });
}

/** @throws when the chart of the topology under test is not named. */
function soundChart(): string {
  if (!chartUnderTest) throw new Error('SHOP_CHART is not set: no chart is under test');
  return chartUnderTest;
}

async function upgradeTo(chart: string, values: object): Promise<void> {
  const args = ['upgrade', release, chart, '--reset-then-reuse-values', '--values', '-', ...patience];
  await helm(clusterUnderTest(), args, JSON.stringify(values));
}
