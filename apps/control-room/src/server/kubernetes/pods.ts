import { type ListedPod, serviceLabel } from '@shop/cluster/kubectl.ts';
import type { Found } from '../snapshot.ts';
import { stateOf, statusOf } from './pod-state.ts';

/** The hash of a Deployment's version, which is a part of the names of its pods. */
const versionLabel = 'pod-template-hash';

/** Pods as the page has them. @param zones of machines; a machine that it lacks has none. */
export function found(pods: ListedPod[], zones: Map<string, string>): Found[] {
  return pods.map((pod): Found => {
    const { name } = pod.metadata;
    const restarts = pod.status.containerStatuses?.reduce((sum, { restartCount }) => sum + restartCount, 0);
    const machine = pod.spec.nodeName;
    const zone = machine && zones.get(machine);
    return {
      id: name,
      name: shortNameOf(pod),
      service: serviceOf(pod),
      state: stateOf(pod),
      status: statusOf(pod),
      ...(restarts && { restarts }),
      ...(machine && { machine }),
      ...(zone && { zone }),
    };
  });
}

/** `api-7d9c5b6f4-x2x7k` is `api-x2x7k`. */
function shortNameOf({ metadata: { name, labels } }: ListedPod): string {
  const version = labels?.[versionLabel];
  return version ? name.replace(`-${version}`, '') : name;
}

/** A pod of a StatefulSet has the name of compose's service, such as `db-1`; the pod of a service of one is its first. */
function serviceOf({ metadata: { name, labels, ownerReferences } }: ListedPod): string {
  const isNumbered = ownerReferences?.some(({ kind }) => kind === 'StatefulSet');
  return isNumbered ? name.replace(/-0$/, '') : (labels?.[serviceLabel] ?? name);
}
