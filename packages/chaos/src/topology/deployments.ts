import { kubectl } from '@shop/cluster/kubectl.ts';
import { clusterUnderTest } from './cluster-under-test.ts';

/** Of a rolling update: each pod starts and each drains, on a busy machine. */
const patience = '--timeout=300s';

/**
 * Gives the pods of some Deployments other variables, or with `restore` takes these away again, and waits until every pod has
 * been replaced. `edge-1` and `edge-2`, as compose has them, are the two pods of one Deployment.
 */
export async function setInPods(
  services: string[],
  settings: Record<string, string>,
  restore?: 'restore',
): Promise<void> {
  const variables = Object.entries(settings).map(([name, value]) =>
    restore ? `${name}-` : `${name}=${value}`,
  );
  for (const service of new Set(services.map((name) => name.replace(/^edge-\d$/, 'edge')))) {
    await kubectl(clusterUnderTest(), ['set', 'env', `deployment/${service}`, ...variables]);
    await kubectl(clusterUnderTest(), ['rollout', 'status', `deployment/${service}`, patience]);
  }
}

/** Replaces the pods of some Deployments, and none of the new ones stands on a machine that is `closed`. */
export async function placeAnew(services: string[], closed: string[] = []): Promise<void> {
  const admin = (...args: string[]) => kubectl(clusterUnderTest(), args);
  const deployments = services.map((service) => `deployment/${service}`);
  if (closed.length > 0) await admin('cordon', ...closed);
  try {
    await admin('rollout', 'restart', ...deployments);
    for (const deployment of deployments) await admin('rollout', 'status', deployment, patience);
  } finally {
    if (closed.length > 0) await admin('uncordon', ...closed);
  }
}
