import type { ContainerStatus, ListedPod } from '@shop/cluster/kubectl.ts';
import { expect, test } from 'vitest';
import { found } from './pods.ts';

/** A pod as `kubectl get pods --output json` lists it, without what is not read. */
const pod = (
  name: string,
  service: string,
  { metadata = {}, status = {}, container = {} }: Partial<Parts> = {},
): ListedPod => ({
  metadata: { name, labels: { 'app.kubernetes.io/name': service }, ...metadata },
  spec: { nodeName: 'node-2' },
  status: {
    phase: 'Running',
    conditions: [
      { type: 'PodScheduled', status: 'True' },
      { type: 'Ready', status: 'True' },
    ],
    containerStatuses: [
      {
        containerID: 'containerd://0f3c',
        started: true,
        restartCount: 0,
        state: { running: { startedAt: '2026-11-30T14:00:00Z' } },
        ...container,
      },
    ],
    ...status,
  },
});
type Parts = {
  metadata: Partial<ListedPod['metadata']>;
  status: Partial<ListedPod['status']>;
  container: Partial<ContainerStatus>;
};

const notReady = [{ type: 'Ready', status: 'False', reason: 'ContainersNotReady' }];
const zones = new Map([['node-2', 'b']]);
const one = (listed: ListedPod) => found([listed], zones)[0]!;
const stateOf = (parts: Partial<Parts>) => one(pod('db-1', 'db', parts));

test('a pod has a short name, the name of its service under compose, and its machine with the zone', () => {
  const api = pod('api-7d9c5b6f4-x2x7k', 'api', {
    metadata: {
      labels: { 'app.kubernetes.io/name': 'api', 'pod-template-hash': '7d9c5b6f4' },
      ownerReferences: [{ kind: 'ReplicaSet' }],
    },
  });
  expect(one(api)).toEqual({
    id: 'api-7d9c5b6f4-x2x7k',
    name: 'api-x2x7k',
    service: 'api',
    state: 'running',
    status: 'Running',
    machine: 'node-2',
    zone: 'b',
  });
});

test.each([
  ['db-1', 'db', 'StatefulSet', 'db-1'],
  ['mail-0', 'mail', 'StatefulSet', 'mail'],
  ['seed-1-fq8zm', 'seed', 'Job', 'seed'],
  ['cache-5d8f-abcde', 'cache', 'ReplicaSet', 'cache'],
])('%s of %s belongs to the service that compose calls so', (name, service, kind, called) => {
  const metadata = { ownerReferences: [{ kind }] };
  expect(one(pod(name, service, { metadata })).service).toBe(called);
});

test('a machine may have no zone, and a pod no machine', () => {
  expect(found([pod('db-1', 'db')], new Map())[0]).not.toHaveProperty('zone');
  expect(one({ ...pod('db-1', 'db'), spec: {} })).not.toHaveProperty('machine');
});

test('a pod that was started again says how often', () => {
  expect(stateOf({ container: { restartCount: 3 } }).restarts).toBe(3);
  expect(stateOf({})).not.toHaveProperty('restarts');
});

test.each<[string, Partial<Parts>, string, string]>([
  ['is ready', {}, 'running', 'Running'],
  [
    'has not passed its startup probe',
    { status: { conditions: notReady }, container: { started: false } },
    'starting',
    'Running',
  ],
  ['has stopped to be ready', { status: { conditions: notReady } }, 'unhealthy', 'Running'],
  ['is deleted', { metadata: { deletionTimestamp: '2026-11-30T14:00:08Z' } }, 'leaving', 'Terminating'],
  [
    'was killed',
    { status: { conditions: notReady }, container: { state: { terminated: { exitCode: 137 } } } },
    'down',
    'Exited (137)',
  ],
  [
    'was killed twice, so that the cluster pauses before the next start',
    { status: { conditions: notReady }, container: { state: { waiting: { reason: 'CrashLoopBackOff' } } } },
    'down',
    'CrashLoopBackOff',
  ],
  [
    'has no image',
    { status: { phase: 'Pending' }, container: { state: { waiting: { reason: 'ImagePullBackOff' } } } },
    'down',
    'ImagePullBackOff',
  ],
  [
    'waits for its container',
    { status: { phase: 'Pending' }, container: { state: { waiting: { reason: 'ContainerCreating' } } } },
    'waiting',
    'ContainerCreating',
  ],
  [
    'fits on no machine',
    {
      status: {
        phase: 'Pending',
        conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }],
        containerStatuses: [],
      },
    },
    'waiting',
    'Unschedulable',
  ],
  [
    'was a job and has succeeded',
    { status: { phase: 'Succeeded' }, container: { state: { terminated: { exitCode: 0 } } } },
    'done',
    'Exited (0)',
  ],
  [
    'was a job and has failed',
    { status: { phase: 'Failed' }, container: { state: { terminated: { exitCode: 1 } } } },
    'down',
    'Exited (1)',
  ],
  [
    'had to leave its machine',
    { status: { phase: 'Failed', reason: 'Evicted', conditions: [], containerStatuses: [] } },
    'down',
    'Evicted',
  ],
])('a pod that %s', (_, parts, state, status) => {
  expect(stateOf(parts)).toMatchObject({ state, status });
});
