import { helm, release } from '@shop/cluster/helm.ts';
import { chartUnderTest } from '@shop/shop-client/topology-under-test.ts';
import { clusterUnderTest } from '../topology/cluster-under-test.ts';

/** Each pod of a service starts and each drains, one after the other, on a busy machine. */
const patience = ['--wait', '--timeout', '15m'];

/**
 * Upgrades the shop on the cluster to other values of the chart, and waits until every pod is replaced that they concern.
 * @throws when the chart of the topology under test is not named.
 */
export async function upgradeRelease(values: object): Promise<void> {
  if (!chartUnderTest) throw new Error('SHOP_CHART is not set: no chart is under test');
  const args = ['upgrade', release, chartUnderTest, '--reuse-values', '--values', '-', ...patience];
  await helm(clusterUnderTest(), args, JSON.stringify(values));
}

/** Takes the last upgrade back, and waits as `upgradeRelease` does. */
export async function rollBackRelease(): Promise<void> {
  await helm(clusterUnderTest(), ['rollback', release, ...patience]);
}
