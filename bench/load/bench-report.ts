import { provenanceLine, provenanceOf } from '@shop/report/provenance.ts';
import { right, table } from '@shop/report/table.ts';
import { median } from 'simple-statistics';

/** `uncached`: a replica of the API without its cache of the catalogue. `api`: one as it is. */
export type Side = 'bare' | 'uncached' | 'api';
/** By call, one entry for each measurement: requests a second, and milliseconds of the server's processor time each. */
export type Calls = Map<string, { side: Side; perSecond: number; processorMs: number }[]>;

/** Orders by pgbench and by the shop: medians in milliseconds and rates a second, one for each round. */
export type Orders = {
  pgbench: number[];
  shop: number[];
  shopPerSecond: number[];
  pgbenchPerSecond: number[];
};

/** Goals: the rate of the uncached product detail ÷ the bare server's, and the API's processor time ÷ the bare server's. */
const rateGoal = 0.85;
const processorGoal = 1.6;

/** The report of `npm run bench`, as Markdown. */
export async function reportOf(
  calls: Calls,
  orders: Orders,
  seconds: number,
  rounds: number,
): Promise<string> {
  const source = await provenanceOf(`npm run bench -- --seconds ${seconds} --rounds ${rounds}`);
  const rate = (values: number[]) => `${Math.round(median(values))} /s`;
  const ms = (values: number[]) => `${median(values).toFixed(1)} ms`;
  const ofPgbench = (median(orders.shop) / median(orders.pgbench)).toFixed(2);
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

The bare server is Fastify, node-postgres and ioredis with the same round trips to the same stores (\`bench/load/bare-server.ts\`); both sides are called directly over 20 connections. Processor time is that of the server's container, by the kernel's account. Goals: the API's processor time at most ${processorGoal} times the bare server's; the uncached product detail at least ${rateGoal} of the bare server's rate.

${callTable(calls)}

${orderTable}
`;
}

const sideNames: Record<Side, string> = { bare: '', uncached: 'caches off', api: 'as it is' };

function callTable(calls: Calls): string {
  const rows = [...calls].flatMap(([call, measured]) => {
    const of = (side: Side, figure: 'perSecond' | 'processorMs') =>
      median(measured.filter((one) => one.side === side).map((one) => one[figure]));
    const sides = [...new Set(measured.map(({ side }) => side))].filter((side) => side !== 'bare');
    return sides.map((side) => [
      sides.length > 1 ? `${call}, ${sideNames[side]}` : call,
      of(side, 'processorMs').toFixed(3),
      of('bare', 'processorMs').toFixed(3),
      (of(side, 'processorMs') / of('bare', 'processorMs')).toFixed(2),
      `${Math.round(of(side, 'perSecond'))} /s`,
      `${Math.round(of('bare', 'perSecond'))} /s`,
      (of(side, 'perSecond') / of('bare', 'perSecond')).toFixed(2),
    ]);
  });
  const heads = ['API, CPU-ms', 'bare, CPU-ms', 'API ÷ bare', 'API', 'bare', 'API ÷ bare'].map(right);
  return table(['call', ...heads], rows);
}
