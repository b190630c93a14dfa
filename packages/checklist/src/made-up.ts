/** Facts of a topology that passes every check; each test breaks one of them. */
import type { Facts, Inspected } from './facts.ts';

export const aContainer = (service: string): Inspected => ({
  Name: `/shop-${service}-1`,
  Config: {
    Env: ['PATH=/bin', 'DATABASE_PASSWORD_FILE=/run/secrets/app/database-password', 'BROKEN_VARIANT='],
    User: '10001:10001',
    Labels: { 'com.docker.compose.service': service },
    StopTimeout: 30,
    Healthcheck: { Test: ['CMD', 'true'] },
  },
  State: { Status: 'running', Health: { Status: 'healthy' } },
  HostConfig: {
    Memory: 2 ** 28,
    ReadonlyRootfs: true,
    CapDrop: ['ALL'],
    SecurityOpt: ['no-new-privileges:true'],
    RestartPolicy: { Name: 'unless-stopped' },
    LogConfig: { Type: 'json-file', Config: { 'max-size': '5m' } },
    PortBindings: {},
  },
  Mounts: [],
});

const numbered = (name: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${name}-${index + 1}`);
const services = [
  ...numbered('edge', 2),
  ...['api', 'api', 'api', 'worker', 'worker', 'pgbouncer', 'pgbouncer', 'fencer', 'backup'],
  ...numbered('haproxy', 2),
  ...['db', 'etcd', 'redis', 'sentinel'].flatMap((name) => numbered(name, 3)),
  ...numbered('minio', 4),
];

const files = {
  '.node-version': '24.21.0\n',
  'package.json': '{ "packageManager": "pnpm@12.21.0" }',
  'pnpm-lock.yaml': 'resolution: {integrity: sha512-abc}',
  'apps/api/src/config.ts': `
  REQUEST_DEADLINE_MS: Type.Integer({ minimum: 100, default: 8_000 }),
  DRAIN_MS: Type.Integer({ minimum: 0, default: 3_000 }),`,
  'apps/worker/src/main.ts': 'closeWithGrace({ delay: 20_000, logger: log }, stop)',
  'infra/edge/nginx/nginx.conf': 'worker_shutdown_timeout 25s;',
  'infra/edge/nginx/proxy-api.conf': 'proxy_read_timeout 9s;',
  'infra/edge/Dockerfile': `FROM nginx:1.30@sha256:${'a'.repeat(64)} AS base\nFROM base\n`,
  'infra/pgbouncer/pgbouncer.ini': 'query_timeout = 7.5',
  'packages/database/src/database.ts': 'const primary = createPool({\n url,\n queryTimeoutMs: 7_000,\n});',
  'infra/db/roles.sql': "ALTER ROLE shop_app SET lock_timeout = '5s';",
  'infra/db/patroni.yml': 'archive_command: pgbackrest archive-push %p',
  'infra/prometheus/prometheus.yml': 'rule_files: [rules.yml]\nalerting: {}\n',
  'docs/results/restore.md': 'Restored: 2026-11-01\n',
};

/** A new copy for each call: a test may change it. */
export const goodFacts = (): Facts => ({
  containers: services.map(aContainer),
  machines: ['one', 'another'],
  files: new Map(Object.entries(files)),
  certificates: [{ edge: 'edge-1', validTo: new Date('2027-11-28'), selfSigned: false }],
  statements: [
    { role: 'shop_app', query: 'SELECT 1 FROM products WHERE id = $1', calls: 100, blocksPerCall: 3 },
  ],
  now: new Date('2026-11-28'),
});
