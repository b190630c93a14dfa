import { actionsOnPods } from '../../shared/actions.ts';
import type { Place } from '../../shared/place.ts';

const prometheus = 'the chart has no Prometheus, since a cluster has its own.';

const absent: Place['absent'] = {
  rates: 'the chart has no Prometheus.',
  serviceLevel: prometheus,
  charts: prometheus,
  traces: 'the chart has no store of traces, since a cluster has its own collector.',
  oneOfEach: 'Kubernetes starts again at once what is killed, so nothing stays dead.',
  balancing: 'the edges take another method by a command in containers of compose.',
  experiments:
    'a deployment and the scenarios are about containers of compose, and labs play on containers of their own.',
};

/** The cluster in containers of this machine: its edges are here, and so are its machines, which can kill a process. */
export const ownCluster = (namespace: string): Place => ({
  kind: 'kubernetes',
  name: namespace,
  actions: actionsOnPods,
  absent,
});

/** A cluster elsewhere. */
export const foreignCluster = (context: string, namespace: string): Place => ({
  kind: 'kubernetes',
  name: `${context} / ${namespace}`,
  // A cluster has no call that kills a process: it drains each pod that it deletes.
  actions: ['delete'],
  absent: {
    ...absent,
    shoppers: 'shoppers go to this machine alone, and the edges of this cluster are elsewhere.',
  },
});
