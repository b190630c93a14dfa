import { readFileSync } from 'node:fs';
import { type BrokenChart, onBrokenChart } from '@shop/cluster/broken-charts.ts';
import { root } from '@shop/command/folders.ts';
import { describe, expect, test } from 'vitest';
import { type Container, chart, render, renderFrom, sizes, type Workload, workloadsOf } from './render.ts';
import { complaints } from './workload-rules.ts';

const [laptop, production] = await Promise.all(sizes.map((size) => render(size)));
const redundant = workloadsOf(laptop!)
  .filter(({ kind, replicas }) => kind !== 'Job' && replicas > 1)
  .map(({ name }) => name)
  .sort();

describe.each([
  ['laptop', laptop!],
  ['production', production!],
])('in the size %s', (_, objects) => {
  test.each(workloadsOf(objects))(
    '$name has probes, limits, a place, a disruption budget and no rights that it does not need',
    (workload) => {
      expect(complaints(workload, objects)).toEqual([]);
    },
  );
});

describe('control: the rules object to', () => {
  const broken = (name: string, change: (workload: Workload, container: Container) => void) => {
    const workload = structuredClone(workloadsOf(laptop!).find((candidate) => candidate.name === name)!);
    change(workload, workload.pod.containers[0]!);
    return complaints(workload, laptop!);
  };

  test.each<[string, string, (workload: Workload, container: Container) => void]>([
    ['lacks a probe', 'api', (_, container) => delete container.livenessProbe],
    [
      'is restarted before it is out of its Service',
      'api',
      (_, { livenessProbe }) => (livenessProbe!.failureThreshold = 6),
    ],
    [
      'counts as ready while it only lives',
      'worker',
      (_, { readinessProbe }) => (readinessProbe!.httpGet!.path = '/livez'),
    ],
    ['has a token for Kubernetes', 'db', ({ pod }) => delete pod.automountServiceAccountToken],
    ['may run as root', 'redis', ({ pod }) => (pod.securityContext!.runAsUser = 0)],
    ['makes any system call', 'minio', ({ pod }) => delete pod.securityContext!.seccompProfile],
    [
      'writes into its own files',
      'migrate',
      (_, { securityContext }) => (securityContext!.readOnlyRootFilesystem = false),
    ],
    ['has capabilities', 'edge', (_, { securityContext }) => delete securityContext!.capabilities],
    ['has no limit of memory', 'worker', (_, { resources }) => delete resources!.limits],
    [
      'requests more memory than it may have',
      'seed',
      (_, { resources }) => (resources!.requests!.memory = '1Gi'),
    ],
    ['is not spread over machines', 'db', ({ pod }) => delete pod.affinity],
    ['is not spread over zones', 'edge', ({ pod }) => delete pod.topologySpreadConstraints],
    ['has no disruption budget', 'etcd', (workload) => (workload.name = 'etcds')],
  ])('what %s (%s)', (complaint, name, change) => {
    expect(broken(name, (workload, container) => void change(workload, container))).toContain(complaint);
  });
});

// The same charts are installed on a cluster by tests/kubernetes, whose checkers object to what happens then.
test.each<[BrokenChart, string, string[]]>([
  ['no-disruption-budgets', 'has no disruption budget', redundant],
  ['api-pods-together', 'is not spread over machines', ['api']],
  ['edge-without-pre-stop', 'stops listening before its callers have heard of it', ['edge']],
])(
  'control: the rules object to the chart %s, of which each of these %s',
  async (name, complaint, expected) => {
    const objects = await onBrokenChart(chart, name, (folder) => renderFrom(folder, 'laptop'));
    const complained = workloadsOf(objects).filter((workload) =>
      complaints(workload, objects).includes(complaint),
    );
    expect(complained.map(({ name }) => name).sort()).toEqual(expected);
  },
);

test('what holds data never shares a machine in production, and is spread evenly over zones', () => {
  const stateful = workloadsOf(production!).filter(({ claims, replicas }) => claims > 0 && replicas > 1);
  expect(stateful.map(({ name }) => name).sort()).toEqual(['db', 'etcd', 'minio', 'redis', 'sentinel']);
  for (const { name, pod } of stateful) {
    expect(pod.affinity?.podAntiAffinity, name).toHaveProperty(
      'requiredDuringSchedulingIgnoredDuringExecution',
    );
    expect(pod.topologySpreadConstraints, name).toEqual([
      expect.objectContaining({
        topologyKey: 'topology.kubernetes.io/zone',
        whenUnsatisfiable: 'DoNotSchedule',
      }),
    ]);
  }
});

describe.each([
  ['laptop', laptop!],
  ['production', production!],
])('a shutdown in the order of ARCHITECTURE.md has the time that it takes: %s', (_, objects) => {
  const source = (path: string) => readFileSync(`${root}${path}`, 'utf8');
  const number = (path: string, pattern: RegExp) => Number(pattern.exec(source(path))![1]!.replace('_', ''));
  const podOf = (name: string) => workloadsOf(objects).find((workload) => workload.name === name)!.pod;
  const sleepOf = (name: string) => podOf(name).containers[0]!.lifecycle?.preStop?.sleep?.seconds ?? 0;

  test('api: the drain, the longest request, closing the stores', () => {
    const { terminationGracePeriodSeconds, containers } = podOf('api');
    const milliseconds = (name: string) =>
      Number(containers[0]!.env!.find((entry) => entry.name === name)!.value);
    const drainAndDeadline = (milliseconds('DRAIN_MS') + milliseconds('REQUEST_DEADLINE_MS')) / 1000;
    const closingStores = number('apps/api/src/main.ts', /requestDeadlineMs \+ (\d_?\d+)/) / 1000;
    expect(closingStores).toBeGreaterThan(0);
    expect(terminationGracePeriodSeconds).toBeGreaterThan(drainAndDeadline + closingStores);
    // CoreDNS caches an answer for 5 s, and the edge for one second more.
    expect(milliseconds('DRAIN_MS')).toBeGreaterThan(6_000);
  });

  test('the others: what comes before the signal, then what the program takes', () => {
    const takes = {
      edge: number('infra/edge/nginx/nginx.conf', /worker_shutdown_timeout (\d+)s/),
      worker: number('apps/worker/src/main.ts', /delay: (\d+_\d+)/) / 1000,
      payments: number('apps/payments/src/main.ts', /delay: (\d_?\d+)/) / 1000,
      pgbouncer: number('infra/pgbouncer/pgbouncer.ini', /^query_timeout = ([\d.]+)/m),
      haproxy: number('infra/haproxy/haproxy.cfg', /hard-stop-after (\d+)s/),
      redis: number('infra/redis/redis.conf', /^shutdown-timeout (\d+)/m),
    };
    for (const [name, seconds] of Object.entries(takes)) {
      expect(seconds, name).toBeGreaterThan(0);
      expect(podOf(name).terminationGracePeriodSeconds, name).toBeGreaterThan(sleepOf(name) + seconds);
    }
  });

  test('a failover of Postgres takes no replica of the API out of its Service', () => {
    const { readinessProbe } = podOf('api').containers[0]!;
    const ttl = number('infra/db/patroni.yml', /^ {4}ttl: (\d+)/m);
    expect(readinessProbe!.periodSeconds * readinessProbe!.failureThreshold).toBeGreaterThan(2 * ttl);
  });
});
