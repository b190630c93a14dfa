import { readFileSync } from 'node:fs';
import { root } from '@shop/command/folders.ts';
import { expect, test, vi } from 'vitest';
import { type ComposeService, composeServices, leftOut } from './compose-services.ts';
import { render, type Workload, workloadsOf } from './render.ts';

// Helm takes a third of a second of processor time, and on a busy machine many times as long.
vi.setConfig({ testTimeout: 120_000 });

const workloads = workloadsOf(await render('laptop'));
const services = composeServices().filter(({ name }) => !(name in leftOut));
const workloadOf = ({ name }: ComposeService): Workload => {
  const found = workloads.find((workload) => workload.name === name);
  if (!found) throw new Error(`the chart has no ${name}`);
  return found;
};

test('the chart runs what compose runs, by the same names, and nothing else', () => {
  const names = composeServices().map(({ name }) => name);
  expect(workloads.map(({ name }) => name).sort()).toEqual(services.map(({ name }) => name).sort());
  // Each service on the list of exceptions still exists.
  expect(Object.keys(leftOut).filter((name) => !names.includes(name))).toEqual([]);
});

test.each(services)('$name: image, number, command and limit of memory are those of compose', (service) => {
  const { replicas, pod } = workloadOf(service);
  const [container] = pod.containers;
  expect(container?.image).toBe(`shop/${service.image}:latest`);
  expect(replicas).toBe(service.containers);
  const gibibytes = container?.resources?.limits?.memory;
  expect(gibibytes).toBe(`${service.memory}Mi`);
  // The seed's Job also prints the file.
  if (service.command && service.name !== 'seed') expect(container?.command).toEqual(service.command);
  if (service.name === 'seed') expect(container?.command?.at(-1)).toContain(service.command!.join(' '));
});

test.each(services)('$name: is in the networks of compose', (service) => {
  const labels = Object.keys(workloadOf(service).labels);
  const networks = labels.filter((key) => key.startsWith('network.shop/')).map((key) => key.split('/')[1]);
  expect(networks.sort()).toEqual(service.networks);
});

test.each(services.filter(({ stopGraceSeconds }) => stopGraceSeconds))(
  '$name: has as long to stop as under compose, or longer',
  (service) => {
    const { terminationGracePeriodSeconds: seconds } = workloadOf(service).pod;
    expect(seconds).toBeGreaterThanOrEqual(service.stopGraceSeconds!);
  },
);

test.each(services)('$name: the user of its image has the same number', (service) => {
  const { runAsUser } = workloadOf(service).pod.securityContext!;
  const dockerfile = readFileSync(`${root}infra/${service.image}/Dockerfile`, 'utf8');
  const [, number] = /(?:--uid|^USER) (\d+)/m.exec(dockerfile) ?? [];
  // Debian's packages choose a free id for redis and haproxy, and these users own no file that matters; node is 1000.
  const withoutNumber: Record<string, number> = { redis: 7106, haproxy: 7104, mail: 1000 };
  expect(runAsUser).toBe(number ? Number(number) : withoutNumber[service.image]);
});

/** Settings with a pod's own name, or with the folder that etcd makes in its volume. */
const otherwise = /^ETCD_(?:NAME|INITIAL_ADVERTISE_PEER_URLS|ADVERTISE_CLIENT_URLS|DATA_DIR)$/;
/** Settings that compose sets for all services of a file; in the chart only the Redis nodes and the MinIO nodes have them. */
const ofAnother: Record<string, RegExp> = { sentinel: /^(?:SENTINELS|PEERS)$/, buckets: /^MINIO_/ };

test.each(services)('$name: has each setting of compose that names no variable', (service) => {
  const given = new Map(
    workloadOf(service).pod.containers[0]?.env?.map(({ name, value }) => [name, value] as const),
  );
  const differences = Object.entries(service.environment).filter(
    ([name, value]) =>
      !otherwise.test(name) && !ofAnother[service.name]?.test(name) && given.get(name) !== value,
  );
  expect(differences).toEqual([]);
});

test("the cache's configuration is that of compose", async () => {
  const lines = (text: string) => text.split('\n').filter((line) => line && !line.startsWith('#'));
  const rendered = (await render('laptop')).find(
    ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'cache',
  );
  expect(lines(rendered!.data!['cache.conf']!)).toEqual(
    lines(readFileSync(`${root}infra/cache/cache.conf`, 'utf8')),
  );
});
