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

/**
 * Upgrades the shop on the cluster to other values of the chart, and waits until every pod is replaced that they concern.
 * @throws when the chart of the topology under test is not named.
 */
export async function upgradeRelease(values: object): Promise<void> {
  if (!chartUnderTest) throw new Error('SHOP_CHART is not set: no chart is under test');
  const args = [
    'upgrade',
    release,
    chartUnderTest,
    '--reset-then-reuse-values',
    '--values',
    '-',
    ...patience,
  ];
  await helm(clusterUnderTest(), args, JSON.stringify(values));
}

/** Returns to a revision, and waits as `upgradeRelease` does. */
export async function rollBackRelease(revision: number): Promise<void> {
  await helm(clusterUnderTest(), ['rollback', release, String(revision), ...patience]);
}
