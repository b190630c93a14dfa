import { type Access, kubectl } from '@shop/cluster/kubectl.ts';
import type { Scaling } from '../../shared/snapshot.ts';
import { Refusal } from '../actions/refusal.ts';

/** The Deployment of the API and its autoscaler, as the API server lists them. Without one, there is no autoscaler. */
export interface ScalingAnswer {
  items: (
    | { kind: 'Deployment'; spec: { replicas?: number } }
    | { kind: 'HorizontalPodAutoscaler'; spec: { minReplicas?: number; maxReplicas: number } }
  )[];
}

/** Without an autoscaler, this many: more would starve each other on a small machine. */
const mostReplicas = 9;

/** @throws when the cluster does not answer. */
export async function readScaling(access: Access): Promise<Scaling> {
  const objects = ['deployment/api', 'hpa/api', '--ignore-not-found', '--output', 'json'];
  return scalingOf(JSON.parse(await kubectl(access, ['get', ...objects])));
}

/** How many API pods are kept: by the autoscaler where there is one, which then decides above its fewest. */
export function scalingOf({ items }: ScalingAnswer): Scaling {
  for (const { kind, spec } of items)
    if (kind === 'HorizontalPodAutoscaler')
      return { wanted: spec.minReplicas ?? 1, most: spec.maxReplicas, autoscaled: true };
  for (const { kind, spec } of items)
    if (kind === 'Deployment') return { wanted: spec.replicas ?? 1, most: mostReplicas, autoscaled: false };
  throw new Error('The namespace has no Deployment of the API.');
}

/** @throws Refusal when so many pods are never kept. */
export function requireRoom(count: number, { most, autoscaled }: Scaling): void {
  if (count > most)
    throw new Refusal(`${autoscaled ? 'The autoscaler starts' : 'The API has'} ${most} pods at most.`);
}

/**
 * Keeps `count` API pods. Where there is an autoscaler, that is its new fewest: it would take back at once what is scaled
 * past it.
 */
export async function scaleTo(access: Access, count: number, { autoscaled }: Scaling): Promise<void> {
  if (autoscaled) {
    const patch = JSON.stringify({ spec: { minReplicas: count } });
    await kubectl(access, ['patch', 'hpa', 'api', '--type=merge', '--patch', patch]);
  } else {
    await kubectl(access, ['scale', 'deployment', 'api', `--replicas=${count}`]);
  }
}
