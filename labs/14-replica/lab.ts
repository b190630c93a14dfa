import type { Bench } from '@shop/lab/bench.ts';
import { loadColumns, loadFigures } from '@shop/lab/columns.ts';
import { defineLab, type Figures } from '@shop/lab/lab.ts';
import { getting } from '@shop/lab/load.ts';
import { startService, stopService } from '@shop/lab/services.ts';
import pWaitFor from 'p-wait-for';

const nodes = ['db-1', 'db-2', 'db-3'];
/** Processors of each database node: so little that Postgres limits the rate, also on two cores. */
const cpus = 0.15;
/**
 * The API reads on the primary when it cannot read the position of the session's last write from the cookie. This cookie has
 * no signature, so each of these reads needs the primary.
 */
const needsThePrimary = () => ({ cookie: 'watermark=unsigned' });
/** Searches that find some products and sort them by relevance: they cost Postgres far more than the API. */
const words = ['red', 'blue', 'paper', 'glass', 'music', 'garden', 'light', 'water', 'round', 'small'];
const search = (index: number) => `/api/products?limit=1&q=${words[index % words.length]}`;

type Setup = { replicas: 1 | 2; headers?: () => Record<string, string> };

async function measure(bench: Bench, { replicas, headers }: Setup): Promise<Figures> {
  await bench.boxes({ count: 1, settings: { CATALOG_CACHE: 'false' }, warmUp: '/api/whoami' });
  await serveWith(bench, replicas);
  const send = getting(bench.origin, search, headers);
  bench.report('the connections to the nodes are made');
  await bench.load(send, { clients: 16, seconds: 3 });
  return await bench.capped(nodes, cpus, async () => {
    bench.report(`16 clients search for ${bench.seconds} s`);
    const asked = await queriesByNode(bench, replicas);
    let figures: Figures = {};
    let total = 0;
    const used = await bench.cpuMsByService(async () => {
      const result = await bench.load(send, { clients: 16, seconds: bench.seconds });
      figures = loadFigures(result);
      total = result.total;
    });
    const primary = await bench.primary();
    const queries = await queriesByNode(bench, replicas);
    const shares = new Map(
      [...queries].map(([node, count]) => [node, count - (asked.get(node) ?? 0)] as const),
    );
    const sum = [...shares.values()].reduce((all, count) => all + count, 0);
    const ofReplicas = [...shares].filter(([node]) => node !== primary).map(([, count]) => count);
    return {
      ...figures,
      primaryCpuMs: (used.get(primary) ?? 0) / total,
      primaryShare: (100 * (shares.get(primary) ?? 0)) / sum,
      mostShare: (100 * Math.max(...ofReplicas)) / sum,
      leastShare: replicas === 1 ? 0 : (100 * Math.min(...ofReplicas)) / sum,
    };
  });
}

/** Starts or stops the second replica. When this returns, HAProxy sends new connections accordingly. */
async function serveWith(bench: Bench, replicas: number): Promise<void> {
  bench.report(`${replicas} of the replicas run`);
  await (replicas === 1 ? stopService('db-3') : startService('db-3'));
  const known = async (haproxy: string) => {
    const metrics = await bench.exec(haproxy, 'curl', '-fsS', 'http://127.0.0.1:8404/metrics');
    return metrics.includes(`haproxy_backend_active_servers{proxy="replicas"} ${replicas}\n`);
  };
  const know = async () => (await Promise.all(['haproxy-1', 'haproxy-2'].map(known))).every(Boolean);
  await pWaitFor(know, {
    interval: 250,
    signal: bench.signal,
    timeout: { milliseconds: 120_000, message: `HAProxy does not see ${replicas} replicas` },
  });
  // PgBouncer keeps a connection for half a minute. New connections are spread over the present nodes.
  await stopService('pgbouncer');
  await startService('pgbouncer');
}

/** SELECTs in the shop's database that each node has run, by its own count. */
async function queriesByNode(bench: Bench, replicas: number): Promise<Map<string, number>> {
  const count = `SELECT sum(calls) FROM pg_stat_statements JOIN pg_database ON pg_database.oid = dbid
    WHERE datname = 'shop' AND query ~* '^\\s*(select|with)'`;
  const running = nodes.slice(0, replicas + 1);
  return new Map(
    await Promise.all(
      running.map(async (node) => {
        const calls = await bench.exec(node, 'psql', '-U', 'postgres', '-d', 'shop', '-AtXc', count);
        return [node, Number(calls)] as const;
      }),
    ),
  );
}

export default defineLab({
  title: 'Read replicas',
  question: 'How many reads do replicas take off the primary, and which ones stay with it?',
  hypothesis:
    'One replica takes all reads that may be a moment old and leaves the primary its processor; a second one doubles the rate. Reads that need the primary gain nothing.',
  extras: ['db-3', 'haproxy-2'],
  columns: {
    ...loadColumns,
    primaryCpuMs: { title: 'CPU of the primary, a read', unit: 'ms', digits: 2 },
    primaryShare: { title: 'queries at the primary', unit: '%', digits: 1 },
    mostShare: { title: 'at one replica', unit: '%', digits: 1 },
    leastShare: { title: 'at the other', unit: '%', digits: 1 },
  },
  runs: [
    {
      name: 'on the primary',
      measure: (bench) => measure(bench, { replicas: 1, headers: needsThePrimary }),
    },
    { name: 'one replica', measure: (bench) => measure(bench, { replicas: 1 }) },
    { name: 'two replicas', measure: (bench) => measure(bench, { replicas: 2 }) },
    {
      name: 'two replicas, reads need the primary',
      control: true,
      measure: (bench) => measure(bench, { replicas: 2, headers: needsThePrimary }),
    },
  ],
  claims: [
    {
      says: 'rate with two replicas ÷ rate with one',
      of: ({ of }) => of('two replicas', 'perSecond') / of('one replica', 'perSecond'),
      atLeast: { quick: 1.4, full: 1.6 },
    },
    {
      says: 'CPU of the primary a read, one replica ÷ on the primary',
      of: ({ of }) => of('one replica', 'primaryCpuMs') / of('on the primary', 'primaryCpuMs'),
      atMost: 0.5,
    },
    {
      says: 'percent of the queries at the replica that got fewer, of two',
      of: ({ of }) => of('two replicas', 'leastShare'),
      atLeast: 25,
    },
    {
      says: 'failed requests',
      of: ({ of }) =>
        of('on the primary', 'failed') + of('one replica', 'failed') + of('two replicas', 'failed'),
      atMost: 0,
    },
    {
      says: 'rate of reads that need the primary, two replicas ÷ one',
      of: ({ of }) =>
        of('two replicas, reads need the primary', 'perSecond') / of('on the primary', 'perSecond'),
      atMost: 1.25,
      control: true,
    },
  ],
  plot: 'perSecond',
  meaning: ({ of }) =>
    `A second replica carried ${(of('two replicas', 'perSecond') / of('one replica', 'perSecond')).toFixed(1)} times the reads of one, and a read cost the primary ${of('two replicas', 'primaryCpuMs').toFixed(2)} ms in the place of ${of('on the primary', 'primaryCpuMs').toFixed(2)} ms. What must be read where it was written stays with the primary, however many replicas there are: there the way out is fewer such reads, or shards.`,
  code: [
    'packages/database/src/replica.ts',
    'apps/api/src/plugins/consistency.ts',
    'infra/haproxy/haproxy.cfg',
    'infra/pgbouncer/databases.ini',
  ],
  tryNext: [
    'cpus = 2 in lab.ts: now the API is what limits the rate, and a second replica brings nothing',
    'CATALOG_CACHE true: one search in ten thousand reaches Postgres, and no replica is needed (lab 15)',
  ],
});
