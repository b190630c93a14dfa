import { readFile } from 'node:fs/promises';
import type { Bench } from '@shop/lab/bench.ts';
import { defineLab, type Figures } from '@shop/lab/lab.ts';
import { quantile } from 'simple-statistics';

const file = (name: string) => readFile(new URL(name, import.meta.url), 'utf8');

/** The number of orders in the table: twenty for each customer. */
const ordersOf = (bench: Bench) => (bench.quick ? 200_000 : 1_000_000);

async function measure(bench: Bench, index: string | undefined): Promise<Figures> {
  const count = ordersOf(bench);
  if ((await bench.sql("SELECT to_regclass('lab.orders') IS NULL")) === 't') {
    bench.report(`making ${count.toLocaleString('en')} orders`);
    await bench.sql((await file('orders.sql')).replaceAll(':count', String(count)));
  }
  await bench.sql('DROP INDEX IF EXISTS lab.orders_lab');
  if (index) await bench.sql(`CREATE INDEX orders_lab ON lab.orders ${index}`);
  await bench.sql('VACUUM ANALYZE lab.orders');
  const question = (await file('question.sql')).trim();

  const plan = JSON.parse(
    await bench.sql(`EXPLAIN (ANALYZE, FORMAT JSON) ${question.replace(':customer', '7')}`),
  )[0].Plan as Plan;
  const script = `\\set customer random(0, ${count / 20 - 1})\n${question};`;
  const pgbench = `cd /tmp && rm -f lab.* && printf '%s' "$0" >lab.sql && pgbench -n -c 2 -j 1 -T ${bench.seconds} -l --log-prefix=lab -f lab.sql -U postgres shop >&2 && cat lab.[0-9]*`;
  bench.report(`two clients ask for ${bench.seconds} s`);
  const log = await bench.onPrimary('bash', '-c', pgbench, script);
  // pgbench's log: client, transaction, latency in µs, …
  const latenciesMs = log
    .split('\n')
    .filter(Boolean)
    .map((line) => Number(line.split(' ')[2]) / 1000);
  return {
    perSecond: latenciesMs.length / bench.seconds,
    p50Ms: quantile(latenciesMs, 0.5),
    p99Ms: quantile(latenciesMs, 0.99),
    looked: rowsLookedAt(plan),
  };
}

type Plan = {
  Plans?: Plan[];
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  'Rows Removed by Index Recheck'?: number;
};

/** The rows that the leaves of a plan read, with those that a filter removed. */
function rowsLookedAt(plan: Plan): number {
  if (plan.Plans) return plan.Plans.reduce((sum, below) => sum + rowsLookedAt(below), 0);
  const each =
    plan['Actual Rows'] +
    (plan['Rows Removed by Filter'] ?? 0) +
    (plan['Rows Removed by Index Recheck'] ?? 0);
  return each * plan['Actual Loops'];
}

export default defineLab({
  title: 'Index',
  question: 'What does one customer’s list of orders cost among all orders?',
  hypothesis:
    'Without an index Postgres reads every order to find twenty; with one on (customer, time) it reads these twenty, in their order. An index whose first column is another one is no help.',
  columns: {
    perSecond: { title: 'rate', unit: '/s' },
    p50Ms: { title: 'p50', unit: 'ms', digits: 2 },
    p99Ms: { title: 'p99', unit: 'ms', digits: 2 },
    looked: { title: 'rows looked at' },
  },
  runs: [
    { name: 'no index', measure: (bench) => measure(bench, undefined) },
    {
      name: 'index (status, placed_at)',
      control: true,
      measure: (bench) => measure(bench, '(status, placed_at)'),
    },
    {
      name: 'index (customer_id, placed_at, id)',
      measure: (bench) => measure(bench, '(customer_id, placed_at, id)'),
    },
  ],
  claims: [
    {
      says: 'p50 without an index ÷ p50 with it',
      of: ({ of }) => of('no index', 'p50Ms') / of('index (customer_id, placed_at, id)', 'p50Ms'),
      atLeast: { quick: 10, full: 50 },
    },
    {
      says: 'rows looked at with the index',
      of: ({ of }) => of('index (customer_id, placed_at, id)', 'looked'),
      atMost: 21,
    },
    {
      says: 'p50 without an index ÷ p50 with one that the question cannot use',
      of: ({ of }) => of('no index', 'p50Ms') / of('index (status, placed_at)', 'p50Ms'),
      atMost: 3,
      control: true,
    },
  ],
  plot: 'p50Ms',
  meaning: ({ of }) =>
    `The right index makes the list ${(of('no index', 'p50Ms') / of('index (customer_id, placed_at, id)', 'p50Ms')).toFixed(0)} times faster, because ${of('index (customer_id, placed_at, id)', 'looked').toFixed(0)} rows are looked at in the place of ${of('no index', 'looked').toLocaleString('en')}. Without it the price of one customer’s list grows with everyone else’s orders, which is what a shop notices a year after it opened.`,
  code: [
    'packages/database/src/schema/orders.ts',
    'apps/api/src/orders/orders.repository.ts',
    'docs/schema.md',
  ],
  tryNext: [
    'ORDER BY total_cents in question.sql: the index finds the rows, and Postgres has to sort them',
    'LIMIT 21 OFFSET 1000 in question.sql, for a customer with thousands of orders: why the shop pages by cursor',
  ],
});
