import type { Bench } from '@shop/lab/bench.ts';
import { loadColumns, loadFigures } from '@shop/lab/columns.ts';
import { defineLab, type Figures } from '@shop/lab/lab.ts';
import { getting } from '@shop/lab/load.ts';

const warmUp = '/api/whoami';

async function measure(
  bench: Bench,
  cache: boolean,
  pathOf: (slugs: string[]) => (index: number) => string,
  origin?: string,
) {
  await bench.boxes({ count: 1, settings: { CATALOG_CACHE: String(cache) }, warmUp });
  const { body } = await bench.client().get('/api/products?limit=20');
  const path = pathOf(body.items.map(({ slug }: { slug: string }) => slug));
  const send = getting(origin ?? bench.origin, path);
  const before = await queries(bench);
  const result = await bench.load(send, { clients: 8, seconds: bench.seconds });
  const asked = (await queries(bench)) - before;
  return { ...loadFigures(result), asked: asked / result.total } satisfies Figures;
}

/** SELECTs that both database nodes have run in the shop's database, by their own count. */
async function queries(bench: Bench): Promise<number> {
  const count = `SELECT sum(calls) FROM pg_stat_statements JOIN pg_database ON pg_database.oid = dbid
    WHERE datname = 'shop' AND query ~* '^\\s*(select|with)'`;
  const counts = await Promise.all(
    ['db-1', 'db-2'].map((node) => bench.exec(node, 'psql', '-U', 'postgres', '-d', 'shop', '-AtXc', count)),
  );
  return counts.reduce((sum, calls) => sum + Number(calls), 0);
}

const details = (slugs: string[]) => (index: number) => `/api/products/${slugs[index % slugs.length]}`;
/** A search that no client has made before, so no cache has its answer. */
const neverAskedBefore = () => (index: number) => `/api/products?limit=1&q=lab${Date.now()}x${index}`;

export default defineLab({
  title: 'Caches',
  question: 'How many of the reads reach the database?',
  hypothesis:
    'Without a cache each of them; with Redis between API and database, one for each product and change; with the edge’s cache most do not even reach the API. A cache does nothing for a question that was never asked before.',
  extras: ['edge-1'],
  columns: {
    ...loadColumns,
    asked: { title: 'queries at Postgres, a read', digits: 2 },
  },
  runs: [
    { name: 'no cache', measure: (bench) => measure(bench, false, details) },
    { name: 'Redis', measure: (bench) => measure(bench, true, details) },
    { name: 'edge and Redis', measure: (bench) => measure(bench, true, details, bench.edge) },
    {
      name: 'Redis, never asked before',
      control: true,
      measure: (bench) => measure(bench, true, neverAskedBefore),
    },
  ],
  claims: [
    {
      says: 'queries at Postgres a read, with Redis ÷ without a cache',
      of: ({ of }) => of('Redis', 'asked') / of('no cache', 'asked'),
      atMost: 0.2,
    },
    {
      says: 'rate through the edge’s cache ÷ rate without a cache',
      of: ({ of }) => of('edge and Redis', 'perSecond') / of('no cache', 'perSecond'),
      atLeast: 1.5,
    },
    {
      says: 'queries at Postgres a read, never asked before ÷ without a cache',
      of: ({ of }) => of('Redis, never asked before', 'asked') / of('no cache', 'asked'),
      atLeast: 0.7,
      control: true,
    },
    {
      says: 'failed requests',
      of: ({ of }) => of('no cache', 'failed') + of('Redis', 'failed') + of('edge and Redis', 'failed'),
      atMost: 0,
    },
  ],
  plot: 'asked',
  meaning: ({ of }) =>
    `Without a cache each read of a product cost Postgres ${of('no cache', 'asked').toFixed(1)} queries, with Redis ${of('Redis', 'asked').toFixed(2)}, and through the edge the same box answered ${(of('edge and Redis', 'perSecond') / of('no cache', 'perSecond')).toFixed(1)} times as many. What it costs is age: the edge may show a price for a second after it changed, except to the session that changed it.`,
  code: [
    'apps/api/src/catalog/catalog.cache.ts',
    'infra/edge/nginx/api.conf',
    'apps/api/src/cache-headers.ts',
  ],
  tryNext: [
    'one slug instead of twenty, and 64 clients: one reader fills the entry and the others wait for it (docs/patterns.md)',
    '`docker compose -p shop-lab stop cache` while it runs with --keep: reads fall through, and nothing fails',
  ],
});
