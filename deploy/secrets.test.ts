import { readFileSync } from 'node:fs';
import { root } from '@shop/command/folders.ts';
import { expect, test, vi } from 'vitest';
import { render, workloadsOf } from './render.ts';

// Helm takes a third of a second of processor time, and on a busy machine many times as long.
vi.setConfig({ testTimeout: 120_000 });

const objects = await render('production');
const secrets = Object.fromEntries(
  objects
    .filter(({ kind }) => kind === 'Secret')
    .map(({ metadata, data }) => [
      metadata.name,
      Object.fromEntries(
        Object.entries(data!).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]),
      ),
    ]),
);

test('each audience that infra/secrets makes a folder for, and that the chart runs, has a Secret', () => {
  const script = readFileSync(`${root}infra/secrets/generate.sh`, 'utf8');
  const folders = [...script.matchAll(/^folder (\w+) /gm)].map(([, name]) => name!);
  expect(folders).toContain('postgres');
  // The secrets of the exporters, which the chart does not have.
  expect(Object.keys(secrets).sort()).toEqual(folders.filter((name) => name !== 'monitoring').sort());
});

test('a program and the store that it logs in to have the same password', () => {
  const { postgres, pgbouncer, migrate, payments, app, storage, minio } = secrets;
  expect(app!['database-password']).toBe(postgres!['app-password']);
  expect(payments!['database-password']).toBe(postgres!['payments-password']);
  expect(migrate!['database-password']).toBe(postgres!['migrator-password']);
  expect(pgbouncer!['userlist.txt']).toBe(
    ['app:shop_app', 'monitor:monitor', 'payments:payments_app']
      .map((pair) => pair.split(':'))
      .map(([role, user]) => `"${user}" "${postgres![`${role}-password`]}"\n`)
      .join(''),
  );
  expect(minio).toMatchObject(storage!);
});

test('no two secrets are the same, and none is short', () => {
  const made = ['postgres', 'redis', 'app', 'minio'].flatMap((audience) =>
    Object.entries(secrets[audience]!).filter(
      ([key]) => /password|secret/.test(key) && key !== 'database-password',
    ),
  );
  expect(made.length).toBeGreaterThan(10);
  expect(new Set(made.map(([, value]) => value)).size).toBe(made.length);
  for (const [key, value] of made) expect(value.length, key).toBeGreaterThanOrEqual(32);
});

test('a pod has the secrets of its own audiences, as under compose', () => {
  const audiences = Object.fromEntries(
    workloadsOf(objects).map(({ name, pod }) => [
      name,
      (pod.volumes ?? []).flatMap(({ secret }) => (secret ? [secret.secretName] : [])),
    ]),
  );
  expect(audiences).toEqual({
    edge: ['tls'],
    api: ['app', 'redis', 'storage'],
    worker: ['app', 'redis', 'storage'],
    payments: ['payments'],
    pgbouncer: ['pgbouncer'],
    haproxy: [],
    db: ['postgres'],
    etcd: [],
    redis: ['redis'],
    sentinel: ['redis'],
    cache: [],
    minio: ['minio'],
    buckets: ['minio'],
    mail: [],
    migrate: ['migrate'],
  });
});

test('an existing Secret takes the place of one that the chart makes', async () => {
  const rendered = await render('production', '--set', 'secrets.existing.tls=certificate');
  expect(rendered.filter(({ kind, metadata }) => kind === 'Secret' && metadata.name === 'tls')).toEqual([]);
  expect(workloadsOf(rendered).find(({ name }) => name === 'edge')?.pod.volumes).toContainEqual(
    expect.objectContaining({ secret: expect.objectContaining({ secretName: 'certificate' }) }),
  );
});
