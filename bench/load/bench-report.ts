import { provenanceLine, provenanceOf } from '@shop/report/provenance.ts';
import { right, table } from '@shop/report/table.ts';
import { median } from 'simple-statistics';

/** Rates of product detail in requests a second, one for each round. */
export type Reads = { bare: number[]; api: number[]; cached: number[] };

/** Orders by pgbench and by the shop: medians in milliseconds and rates a second, one for each round. */
export type Orders = {
  pgbench: number[];
  shop: number[];
  shopPerSecond: number[];
  pgbenchPerSecond: number[];
};

/** The report of `npm run bench`, as Markdown. */
export async function reportOf(
  reads: Reads,
  orders: Orders,
  seconds: number,
  rounds: number,
): Promise<string> {
  const source = await provenanceOf(`npm run bench -- --seconds ${seconds} --rounds ${rounds}`);
  const rate = (values: number[]) => `${Math.round(median(values))} /s`;
  const ms = (values: number[]) => `${median(values).toFixed(1)} ms`;
  const ofBare = (values: number[]) => (median(values) / median(reads.bare)).toFixed(2);
  const ofPgbench = (median(orders.shop) / median(orders.pgbench)).toFixed(2);
  const readTable = table(
    ['product detail, 20 connections', right('rate'), right('of bare Fastify')],
    [
      ['bare Fastify and node-postgres, same query, same PgBouncer', rate(reads.bare), '1'],
      ['one API replica, caches off (goal: at least 0.8)', rate(reads.api), ofBare(reads.api)],
      ['one API replica, cache on', rate(reads.cached), ofBare(reads.cached)],
    ],
  );
  const pgbench = "pgbench, the same transaction, on the primary's socket";
  const shop = 'POST /api/orders through edge, API, PgBouncer, HAProxy (goal: at most 2)';
  const orderTable = table(
    ['one order, ten clients', right('median'), right('rate'), right('of pgbench')],
    [
      [pgbench, ms(orders.pgbench), rate(orders.pgbenchPerSecond), '1'],
      [shop, ms(orders.shop), rate(orders.shopPerSecond), ofPgbench],
    ],
  );
  return `# Benchmark

${provenanceLine(source)}, everything on that one machine. Medians of ${rounds} rounds in which the sides take turns; only the ratios mean something elsewhere.

${readTable}

${orderTable}
`;
}
