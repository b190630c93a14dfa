import type { Access } from '@shop/cluster/kubectl.ts';
import { namespaceUnderTest } from '@shop/shop-client/topology-under-test.ts';

/** The shop's namespace on the cluster under test. @throws when the topology under test is not on Kubernetes. */
export function clusterUnderTest(): Access {
  if (!namespaceUnderTest) throw new Error('SHOP_NAMESPACE is not set: no cluster is under test');
  return namespaceUnderTest;
}
