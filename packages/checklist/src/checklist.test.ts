import { expect, test } from 'vitest';
import { checkAll, checks } from './checklist.ts';
import type { Facts, Inspected } from './facts.ts';
import { aContainer, goodFacts } from './made-up.ts';

type Name = keyof typeof checks;

const first = (facts: Facts, service: string): Inspected =>
  facts.containers.find(({ Config }) => Config.Labels['com.docker.compose.service'] === service)!;
const withoutOne = (service: string) => (facts: Facts) => {
  facts.containers.splice(facts.containers.indexOf(first(facts, service)), 1);
};
const inFile = (path: string, from: string, to: string) => (facts: Facts) => {
  const text = facts.files.get(path)!;
  expect(text).toContain(from);
  facts.files.set(path, text.replace(from, to));
};
/** Put together here, or this file itself would be found. */
const privateKey = `-----BEGIN ${'PRIVATE'} KEY-----\n${'MIIEvQIBADANBgkqhkiG9w0BAQEF'.repeat(2)}\n`;

test('every check passes on the facts of a sound topology', () => {
  expect(checkAll(goodFacts()).filter(({ outcome }) => outcome !== 'pass')).toEqual([]);
});

const faults: [Name, string, (facts: Facts) => void, RegExp][] = [
  ['redundancy', 'two nodes of three', withoutOne('db-2'), /db has 2 of at least 3/],
  ['redundancy', 'one edge', withoutOne('edge-1'), /edge has 1 of at least 2/],
  [
    'redundancy',
    'a storage node that is ill',
    (facts) => {
      first(facts, 'minio-1').State.Health = { Status: 'unhealthy' };
    },
    /minio has 3 of at least 4/,
  ],
  [
    'machines',
    'one machine',
    (facts) => {
      facts.machines = ['one'];
    },
    /one machine runs all/,
  ],
  [
    'health-checks',
    'no health check',
    (facts) => {
      first(facts, 'api').Config.Healthcheck = { Test: ['NONE'] };
    },
    /no health check: api/,
  ],
  [
    'health-checks',
    'a container that is not healthy',
    (facts) => {
      first(facts, 'worker').State.Health = { Status: 'unhealthy' };
    },
    /not healthy now: worker/,
  ],
  [
    'restarts',
    'no restart',
    (facts) => {
      first(facts, 'etcd-1').HostConfig.RestartPolicy = { Name: 'no' };
    },
    /etcd-1/,
  ],
  [
    'memory-limits',
    'no limit',
    (facts) => {
      first(facts, 'api').HostConfig.Memory = 0;
    },
    /api/,
  ],
  [
    'drains',
    'killed in the middle of a request',
    (facts) => {
      first(facts, 'api').Config.StopTimeout = 10;
    },
    /api has 10 s and needs 11 s/,
  ],
  [
    'drains',
    'the engine’s usual ten seconds',
    (facts) => {
      delete first(facts, 'worker').Config.StopTimeout;
    },
    /worker has 10 s and needs 20 s/,
  ],
  [
    'drains',
    'an edge that drains for longer than it may',
    inFile('infra/edge/nginx/nginx.conf', '25s', '30s'),
    /edge-1 has 30 s and needs 30 s/,
  ],
  [
    'timeouts',
    'a deadline above the edge’s patience',
    inFile('apps/api/src/config.ts', '8_000', '9_000'),
    /the edge waits for the API: 9 s is not longer than a request in the API: 9 s/,
  ],
  [
    'timeouts',
    'a lock that outlasts its query',
    inFile('infra/db/roles.sql', "'5s'", "'7s'"),
    /a query waits for a lock: 7 s/,
  ],
  [
    'privileges',
    'a writable image',
    (facts) => {
      first(facts, 'api').HostConfig.ReadonlyRootfs = false;
    },
    /api/,
  ],
  [
    'privileges',
    'root',
    (facts) => {
      first(facts, 'worker').Config.User = '0:0';
    },
    /worker/,
  ],
  [
    'privileges',
    'capabilities',
    (facts) => {
      first(facts, 'db-1').HostConfig.CapDrop = null;
    },
    /db-1/,
  ],
  [
    'privileges',
    'new privileges',
    (facts) => {
      first(facts, 'db-1').HostConfig.SecurityOpt = ['no-new-privileges:false'];
    },
    /db-1/,
  ],
  [
    'exposure',
    'a published database',
    (facts) => {
      first(facts, 'db-1').HostConfig.PortBindings = { '5432/tcp': [{ HostIp: '', HostPort: '5432' }] };
    },
    /db-1/,
  ],
  [
    'exposure',
    'the engine’s socket',
    (facts) => {
      first(facts, 'api').Mounts = [{ Source: '/var/run/docker.sock', Destination: '/var/run/docker.sock' }];
    },
    /api/,
  ],
  [
    'secrets-in-repository',
    'a private key',
    (facts) => {
      facts.files.set('infra/edge/edge.key', privateKey);
    },
    /a private key in infra\/edge\/edge.key/,
  ],
  [
    'secrets-in-environment',
    'a password',
    (facts) => {
      first(facts, 'api').Config.Env!.push('DATABASE_PASSWORD=hunter2');
    },
    /api: DATABASE_PASSWORD/,
  ],
  [
    'secrets-in-environment',
    'a password in an address',
    (facts) => {
      first(facts, 'worker').Config.Env!.push('REDIS_URL=redis://:hunter2@redis-1:6379');
    },
    /worker: REDIS_URL/,
  ],
  [
    'tls-expiry',
    'a certificate of the last days',
    (facts) => {
      facts.certificates[0]!.validTo = new Date('2026-12-20');
    },
    /edge-1: 22 days/,
  ],
  [
    'tls-expiry',
    'no TLS',
    (facts) => {
      facts.certificates = [];
    },
    /no edge answers/,
  ],
  [
    'tls-trusted',
    'self-signed',
    (facts) => {
      facts.certificates[0]!.selfSigned = true;
    },
    /edge-1/,
  ],
  ['backups', 'no service', withoutOne('backup'), /no service makes one/],
  ['backups', 'no archive', inFile('infra/db/patroni.yml', 'archive_command', '# none'), /archives no log/],
  [
    'restore',
    'a restore of last year',
    inFile('docs/results/restore.md', '2026-11-01', '2025-11-01'),
    /392 days ago/,
  ],
  [
    'restore',
    'no restore',
    (facts) => {
      facts.files.delete('docs/results/restore.md');
    },
    /no restore/,
  ],
  [
    'slow-queries',
    'a table read from end to end',
    (facts) => {
      facts.statements!.push({ role: 'shop_app', query: 'SELECT 2', calls: 50, blocksPerCall: 9_000.4 });
    },
    /9000 blocks a call: SELECT 2/,
  ],
  ['alerts', 'no rules', inFile('infra/prometheus/prometheus.yml', 'rule_files', '# none'), /no rules/],
  ['alerts', 'no address', inFile('infra/prometheus/prometheus.yml', 'alerting', '# none'), /no address/],
  [
    'log-rotation',
    'no largest size',
    (facts) => {
      first(facts, 'api').HostConfig.LogConfig = { Type: 'json-file', Config: {} };
    },
    /api/,
  ],
  ['pinned-tools', 'a range of pnpm', inFile('package.json', '12.21.0', '12'), /packageManager/],
  ['pinned-tools', 'packages without hashes', inFile('pnpm-lock.yaml', 'sha512', 'md5'), /pnpm-lock/],
  ['pinned-tools', 'a range of Node', inFile('.node-version', '24.21.0', '24'), /\.node-version/],
  ['pinned-images', 'a tag', inFile('infra/edge/Dockerfile', '@sha256:', '#'), /tags that move: nginx:1\.30/],
];

test.each(faults)('%s fails at: %s', (name, _, breakIt, why) => {
  const facts = goodFacts();
  breakIt(facts);
  const finding = checkAll(facts).find((finding) => finding.name === name);
  expect(finding).toMatchObject({ outcome: 'fail', why: expect.stringMatching(why) });
});

test('every check is seen to fail', () => {
  expect(new Set(faults.map(([name]) => name))).toEqual(new Set(Object.keys(checks)));
});

test.each<[Name, (facts: Facts) => void]>([
  ['drains', inFile('apps/worker/src/main.ts', 'delay', 'patience')],
  ['timeouts', inFile('infra/pgbouncer/pgbouncer.ini', 'query_timeout', 'timeout')],
  [
    'slow-queries',
    (facts) => {
      facts.statements = undefined;
    },
  ],
  [
    'slow-queries',
    (facts) => {
      facts.statements = [];
    },
  ],
  [
    'tls-trusted',
    (facts) => {
      facts.certificates = [];
    },
  ],
])('%s is not checkable where its facts are missing', (name, breakIt) => {
  const facts = goodFacts();
  breakIt(facts);
  expect(checks[name].run(facts).outcome).toBe('not checkable');
});

test('a value that only looks like a secret passes', () => {
  const facts = goodFacts();
  facts.containers.push(aContainer('etcd-4'));
  first(facts, 'etcd-4').Config.Env = [
    'ETCD_INITIAL_CLUSTER_TOKEN=shop',
    'PASSWORD_FILE=/run/x',
    'TOKEN=',
    'TOKEN_ACCESS_TTL_SECONDS=300',
  ];
  first(facts, 'etcd-4').Config.Env!.push('DATABASE_URL=postgres://shop_app@pgbouncer:6432/shop');
  expect(checks['secrets-in-environment'].run(facts).outcome).toBe('pass');
});
