import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { printFailure } from '@shop/command/actionable-error.ts';
import { root } from '@shop/command/folders.ts';
import { positiveNumber } from '@shop/command/whole-number.ts';
import type { ProductList } from '@shop/contracts/catalog.ts';
import { execIn } from '@shop/docker/in-container.ts';
import type { Topology } from '@shop/docker/topology.ts';
import { provenanceLine, provenanceOf } from '@shop/report/provenance.ts';
import { type Column, right, table } from '@shop/report/table.ts';
import { Command } from 'commander';
import { median, quantile, sum } from 'simple-statistics';
import { nodes, onPrimary } from './load/database.ts';
import { withBenchTopology } from './topology.ts';

const goalMs = 50;

/** Names and texts of the queries. load/search-products.sql describes the products. */
const queries = [
  ['rare word', 'aldendahl'],
  ['common word', 'pack'],
  ['two words', 'red bread'],
  ['two words, both common', 'spring pack'],
  ['two letters', 'ch'],
  ['number', '77'],
  ['a slip of a letter', 'sourdogh'],
] as const;
type Query = (typeof queries)[number];
type Row = { query: Query; times: number[]; looks: number; found: ProductList };

const from = (first: number, count: number) => Array.from({ length: count }, (_, at) => first + at);
/** Sizes of pages: each call has another one, so neither an edge nor the cache has its answer. */
const calls = { warming: from(20, 10), counted: from(30, 60) };

new Command('npm run bench:search --')
  .description(
    'Measures how long a search among a million products takes, through an edge, and how many products it looks at. ' +
      'Starts a topology of its own. Writes docs/results/search.md.',
  )
  .option('--products <n>', 'how many products to make', positiveNumber, 1_000_000)
  .action(({ products }: { products: number }) => bench(products).catch(printFailure))
  .parseAsync();

async function bench(products: number): Promise<void> {
  const rows: Row[] = [];
  await withBenchTopology(undefined, async (topology) => {
    console.log(`Making ${products} products`);
    const psql = ['psql', '-U', 'postgres', '-d', 'shop', '-qAtX', '-v', 'ON_ERROR_STOP=1'];
    const script = await readFile(`${root}bench/load/search-products.sql`, 'utf8');
    await onPrimary(topology, [...psql, '-v', `count=${products}`, '-f', '-'], script);
    await untilReplicasHave(topology);
    for (const query of queries) await askOften(topology, query, calls.warming);
    let before = await looksOf(topology);
    for (const query of queries) {
      const { found, times } = await askOften(topology, query, calls.counted);
      const after = await looksOf(topology);
      rows.push({ query, found, times, looks: (after - before) / times.length });
      before = after;
      console.log(`${query[0]}: median ${median(times).toFixed(1)} ms`);
    }
  });
  const text = await reportOf(rows, products);
  await writeFile(`${root}docs/results/search.md`, text);
  console.log(`\n${text}\nWritten to docs/results/search.md.`);
}

/** One call for each size of a page. @throws when one is not answered with 200. */
async function askOften(topology: Topology, [, q]: Query, limits: number[]) {
  const found: ProductList[] = [];
  const times: number[] = [];
  for (const limit of limits) {
    const parameters = new URLSearchParams({ q, limit: String(limit) });
    const url = `http://localhost:${topology.ports.SHOP_HTTP_PORT_1}/api/products?${parameters}`;
    const started = performance.now();
    const response = await fetch(url);
    const body = await response.text();
    times.push(performance.now() - started);
    if (response.status !== 200) throw new Error(`${url}: ${response.status} ${body}`);
    found.push(JSON.parse(body));
  }
  return { found: found[0]!, times };
}

/** How many rows of the search's table the nodes have read, by Postgres' own statistics. */
async function looksOf(topology: Topology): Promise<number> {
  // An idle connection publishes its statistics within ten seconds.
  await sleep(11_000);
  const ask = `SELECT seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_user_tables WHERE relname = 'product_search'`;
  return sum(await Promise.all(nodes(topology).map(async (node) => Number(await askNode(node, ask)))));
}

/** Waits until both replicas have applied all that the primary has written. */
async function untilReplicasHave(topology: Topology): Promise<void> {
  const behind = 'SELECT count(*) FROM pg_stat_replication WHERE replay_lsn = pg_current_wal_lsn()';
  const psql = ['psql', '-U', 'postgres', '-d', 'shop', '-AtXc', behind];
  while (Number(await onPrimary(topology, psql, '')) < 2) await sleep(1_000);
}

const askNode = (node: string, text: string) =>
  execIn(node, 'psql', '-U', 'postgres', '-d', 'shop', '-AtXc', text);

async function reportOf(rows: Row[], products: number): Promise<string> {
  const source = await provenanceOf(`npm run bench:search -- --products ${products}`);
  const heads: Column[] = [
    'query',
    '`q`',
    'first answer',
    right('median'),
    right('p95'),
    right('rows looked at'),
  ];
  const lines = rows.map(({ query: [name, q], times, looks, found }) => [
    name,
    `\`${q}\``,
    answerOf(found),
    `${median(times).toFixed(1)} ms${median(times) > goalMs ? ` (misses ${goalMs} ms)` : ''}`,
    `${quantile(times, 0.95).toFixed(1)} ms`,
    Math.round(looks),
  ]);
  const missed = rows.filter(({ times }) => median(times) > goalMs).map(({ query: [name] }) => name);
  return `# Search among ${products.toLocaleString('en')} products

${provenanceLine(source)}, everything on that one machine, the client too.

Goal: a median of at most ${goalMs} ms. ${missed.length === 0 ? 'Every query keeps it.' : `Missed by: ${missed.join('; ')}.`}

${table(heads, lines)}

One client calls \`GET /api/products?q=…\` through one edge, ${calls.counted.length} calls a query, one after the other, after ${calls.warming.length} that do not count. Each call asks for pages of another size, so it is answered by Postgres and neither by the edge's cache nor by Redis; products themselves may come from Redis. The rows looked at are those of \`product_search\` that Postgres read for one call, by its own account. The products are made of the catalogue's (\`bench/load/search-products.sql\`): a colour before the name, one of 4,913 makers and a number behind it, one a minute. [0021](../decisions/0021-search.md) says how a search reads them.
`;
}

function answerOf({ items, nextCursor, didYouMean }: ProductList): string {
  const size = `${items.length} products${nextCursor ? ' and more' : ''}`;
  return didYouMean ? `${size}, "Did you mean ${didYouMean}"` : size;
}
