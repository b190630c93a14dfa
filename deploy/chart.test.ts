import { expect, test, vi } from 'vitest';
import { chart, helm, render, sizes, workloadsOf } from './render.ts';

// Helm takes a third of a second of processor time, and on a busy machine many times as long.
vi.setConfig({ testTimeout: 120_000 });

test.each(['as it is', ...sizes])('Helm finds nothing to complain of: %s', async (size) => {
  const values = size === 'as it is' ? [] : ['--values', `${chart}/values-${size}.yaml`];
  await helm('lint', '--strict', chart, ...values);
});

test.each([
  ['a value that there is none of', 'api.replica=3', /additional properties 'replica' not allowed/],
  ['one API replica', 'api.replicas=1', /\/api\/replicas.*minimum/s],
  ['a deadline that the edge does not wait for', 'api.requestDeadlineMs=9000', /requestDeadlineMs.*maximum/s],
  ['a drain that ends before the name is gone', 'api.drainMs=3000', /drainMs.*minimum/s],
  ['a limit of CPU', 'db.resources.limits.cpu=1', /additional properties 'cpu' not allowed/],
  ['a digest of an unknown image', 'images.digests.ap=sha256:00', /additional properties 'ap' not allowed/],
  ['a digest that is none', 'images.digests.app=latest', /digests\/app.*pattern/s],
  ['an origin with a path', 'origins={http://shop.example/}', /origins\/0.*pattern/s],
  ['a collector without a port', 'tracing.endpoint=http://collector', /tracing\/endpoint.*pattern/s],
  ['a share of more than all requests', 'tracing.ratio=2', /tracing\/ratio.*maximum/s],
  ['an unknown kind of Service', 'edge.service.type=HostPort', /service\/type/],
])('the schema refuses %s', async (_, value, complaint) => {
  await expect(render(undefined, '--set', value)).rejects.toThrow(complaint);
});

test('a digest goes before the tag', async () => {
  const digest = `sha256:${'0'.repeat(64)}`;
  const rendered = JSON.stringify(
    await render(undefined, '--set', `images.digests.app=${digest},images.prefix=registry.example/shop`),
  );
  expect(rendered).toContain(`"registry.example/shop/app@${digest}"`);
  expect(rendered).not.toContain('/app:');
  expect(rendered).toContain('"registry.example/shop/db:0.1.0"');
});

test.each([
  { endpoint: '', ratio: 0.05, set: [] },
  {
    endpoint: 'http://collector.observability:4318',
    ratio: 0.2,
    set: ['--set', 'tracing.endpoint=http://collector.observability:4318', '--set-json', 'tracing.ratio=0.2'],
  },
])(
  'the three programs that make spans send them where the values say: "$endpoint"',
  async ({ endpoint, ratio, set }) => {
    const sending = workloadsOf(await render(undefined, ...set)).flatMap(({ name, pod }) => {
      const env = new Map(pod.containers[0]?.env?.map(({ name, value }) => [name, value] as const));
      const to = env.get('OTEL_EXPORTER_OTLP_ENDPOINT');
      return to === undefined ? [] : [{ name, to, ratio: env.get('OTEL_TRACES_SAMPLER_ARG') }];
    });
    expect(sending.sort((a, b) => a.name.localeCompare(b.name))).toEqual(
      ['api', 'payments', 'worker'].map((name) => ({ name, to: endpoint, ratio: `${ratio}` })),
    );
  },
);

test('the headers for a collector come from a Secret, and only where one is named', async () => {
  const headers = async (...set: string[]) =>
    workloadsOf(await render(undefined, ...set)).flatMap(({ name, pod }) =>
      (pod.containers[0]?.env ?? [])
        .filter((variable) => variable.name === 'OTEL_EXPORTER_OTLP_HEADERS')
        .map(({ valueFrom }) => [name, valueFrom]),
    );
  const valueFrom = { secretKeyRef: { name: 'collector', key: 'otlp-headers' } };
  expect((await headers('--set', 'tracing.headersSecret=collector')).sort()).toEqual(
    ['api', 'payments', 'worker'].map((name) => [name, valueFrom]),
  );
  expect(await headers()).toEqual([]);
});

test('where stores stand elsewhere, the chart has none of its own', async () => {
  const objects = await render(
    undefined,
    '--set',
    'db.external.primaryHost=pg.example,db.external.replicaHost=replica.example,redis.external.sentinels=s:26379',
    '--set',
    'minio.external.host=s3.example,mail.external.smtpUrlSecret=smtp',
  );
  const names = objects
    .filter(({ kind }) => ['Deployment', 'StatefulSet'].includes(kind))
    .map(({ metadata }) => metadata.name);
  expect(names.sort()).toEqual(['api', 'cache', 'edge', 'payments', 'pgbouncer', 'worker']);
  const databases = objects.find(
    ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'pgbouncer',
  );
  expect(databases?.data?.['databases.ini']).toContain(
    'shop_ro = host=replica.example port=5432 dbname=shop',
  );
  expect(JSON.stringify(objects)).toContain('postgres://shop_migrator@pg.example:5432');
});

test('migrations come before everything else at an upgrade, and beside it at the first install', async () => {
  const migrate = (objects: Awaited<ReturnType<typeof render>>) =>
    objects.find(({ metadata }) => metadata.name === 'migrate-1')?.metadata.annotations?.['helm.sh/hook'];
  expect(migrate(await render('laptop'))).toBeUndefined();
  expect(migrate(await render('laptop', '--is-upgrade'))).toBe('pre-upgrade');
});
