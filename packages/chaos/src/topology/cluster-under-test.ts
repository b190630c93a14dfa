import type { Access } from '@shop/cluster/kubectl.ts';
import { kubeconfigUnderTest } from '@shop/shop-client/topology-under-test.ts';

/** The shop's namespace on the cluster under test. @throws when the topology under test is not on Kubernetes. */
export function clusterUnderTest(): Access {
  if (!kubeconfigUnderTest) throw new Error('SHOP_KUBECONFIG is not set: no cluster is under test');
  return { kubeconfig: kubeconfigUnderTest, namespace: 'shop' };
}
