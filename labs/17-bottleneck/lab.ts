import { readFile } from 'node:fs/promises';
import type { Bench } from '@shop/lab/bench.ts';
import { loadColumns, loadFigures } from '@shop/lab/columns.ts';
import { defineLab, type Figures, type Results, type Run } from '@shop/lab/lab.ts';
import type { Send } from '@shop/load/samples.ts';
import { Agent, request } from 'undici';
import { growths, standsOut } from './diagnosis.ts';
import { type Fault, faults, faultsOf, type Patient, patients } from './faults.ts';

const clients = 8;
const agent = new Agent({ pipelining: 1 });

async function measure(bench: Bench, patient?: Patient): Promise<Figures> {
  const fault: Fault = (patient && faultsOf(bench.seed).get(patient)) ?? 'none';
  const customers = await prepare(bench, fault);
  let bytes = 0;
  const send: Send = async (index) => {
    const path = `/orders?customer=${(index * 7919) % customers}`;
    const { statusCode, headers, body } = await request(`${bench.origin}${path}`, { dispatcher: agent });
    bytes += (await body.arrayBuffer()).byteLength;
    return { status: statusCode, headers };
  };
  bench.report('warming up');
  await bench.load(send, { clients, seconds: 2 });
  await bench.client().get('/signals');
  const before = await atPostgres(bench);
  bytes = 0;
  bench.report(`${clients} clients for ${bench.seconds} s`);
  let figures: Figures = {};
  let total = 0;
  const used = await bench.cpuMsByService(async () => {
    const result = await bench.load(send, { clients, seconds: bench.seconds });
    figures = loadFigures(result);
    total = result.total;
  });
  const after = await atPostgres(bench);
  const { body: own } = await bench.client().get('/signals');
  return {
    ...figures,
    loopDelayMs: own.loopDelayMs,
    poolWaitMs: own.poolWaitMs,
    queries: (after.queries - before.queries) / total,
    pages: (after.pages - before.pages) / total,
    kilobytes: bytes / total / 1000,
    serviceCpuMs: (used.get('patient') ?? 0) / total,
    postgresCpuMs: (used.get(await bench.primary()) ?? 0) / total,
    // The table has no column for it.
    fault: faults.indexOf(fault as (typeof faults)[number]),
  };
}

/** Creates the tables, the index unless it is the fault, and a new process of the service. @returns the customers. */
async function prepare(bench: Bench, fault: Fault): Promise<number> {
  const count = bench.quick ? 300_000 : 600_000;
  if ((await bench.sql("SELECT to_regclass('bottleneck.orders') IS NULL")) === 't') {
    bench.report(`making ${count.toLocaleString('en')} orders`);
    const tables = await readFile(new URL('orders.sql', import.meta.url), 'utf8');
    await bench.sql(tables.replaceAll(':count', String(count)));
  }
  await bench.sql('DROP INDEX IF EXISTS bottleneck.orders_of_customer');
  if (fault !== 'a missing index')
    await bench.sql('CREATE INDEX orders_of_customer ON bottleneck.orders (customer_id, placed_at DESC)');
  bench.report('starting the service');
  const fresh = ['up', '--detach', '--no-deps', '--no-build', '--force-recreate', '--timeout', '0', '--wait'];
  await bench.compose([...fresh, 'patient'], { LAB_FAULT: fault });
  await bench.balance('17-bottleneck/patient.conf');
  return Number(await bench.sql('SELECT max(customer_id) + 1 FROM bottleneck.orders'));
}

/** Postgres' own count of the service's statements, and of the pages of 8 kB that they touched. */
async function atPostgres(bench: Bench): Promise<{ queries: number; pages: number }> {
  const counted =
    await bench.sql(`SELECT coalesce(sum(calls), 0), coalesce(sum(shared_blks_hit + shared_blks_read), 0)
    FROM pg_stat_statements JOIN pg_roles ON pg_roles.oid = userid
    WHERE rolname = 'shop_app' AND query LIKE '%bottleneck.%'`);
  const [queries, pages] = counted.split('|').map(Number);
  return { queries: queries!, pages: pages! };
}

const signalColumns = ['loopDelayMs', 'poolWaitMs', 'queries', 'pages', 'kilobytes', 'fault'] as const;

function figuresOf({ of }: Results, run: string): Figures {
  return Object.fromEntries(signalColumns.map((column) => [column, of(run, column)]));
}

/** The growth of the signal of the patient's fault ÷ the largest growth of the others. */
function standsOutOf(results: Results, patient: Patient): number {
  const sick = figuresOf(results, patient);
  return standsOut(faults[sick.fault!] as Fault, figuresOf(results, 'healthy'), sick);
}

const largestGrowth = (results: Results, run: string) =>
  growths(figuresOf(results, 'healthy'), figuresOf(results, run))[0]!.growth;

/** The quick form has two of the five. */
const fullOnly = (patient: Patient) => patients.indexOf(patient) >= 2;

export default defineLab({
  title: 'Find the bottleneck',
  question: 'Five services are slow, each for another reason. Which signal gives the reason away?',
  hypothesis:
    'Rate and p50 say that a service is sick, and the processor says in which tier. The reason is in a signal of its own: event loop, pool, queries, pages or bytes. The one that grew most against the healthy service points at it.',
  extras: ['patient'],
  columns: {
    perSecond: loadColumns.perSecond,
    p50Ms: loadColumns.p50Ms,
    loopDelayMs: { title: 'p99 of the event loop’s delay', unit: 'ms', digits: 1 },
    poolWaitMs: { title: 'wait for a connection', unit: 'ms', digits: 1 },
    queries: { title: 'queries a request', digits: 1 },
    pages: { title: 'pages touched a request' },
    kilobytes: { title: 'answer', unit: 'kB', digits: 1 },
    serviceCpuMs: { title: 'CPU of the service, a request', unit: 'ms', digits: 1 },
    postgresCpuMs: { title: 'CPU of Postgres, a request', unit: 'ms', digits: 1 },
  },
  runs: [
    { name: 'healthy', measure: (bench) => measure(bench) },
    { name: 'healthy again', control: true, measure: (bench) => measure(bench) },
    ...patients.map(
      (patient): Run => ({
        name: patient,
        fullOnly: fullOnly(patient),
        measure: (bench) => measure(bench, patient),
      }),
    ),
  ],
  claims: [
    ...patients.map((patient) => ({
      says: `${patient}: growth of the signal that belongs to its fault ÷ the next largest growth`,
      of: (results: Results) => standsOutOf(results, patient),
      atLeast: 1.3,
      fullOnly: fullOnly(patient),
    })),
    ...patients.map((patient) => ({
      says: `${patient}: growth of the signal that grew most`,
      of: (results: Results) => largestGrowth(results, patient),
      atLeast: 3.5,
      fullOnly: fullOnly(patient),
    })),
    {
      says: 'healthy again: growth of the signal that grew most',
      of: (results) => largestGrowth(results, 'healthy again'),
      atMost: 3,
      control: true,
    },
  ],
  plot: 'p50Ms',
  meaning: (results) =>
    `A healthy service took ${results.of('healthy', 'p50Ms').toFixed(1)} ms, patient A ${results.of('patient A', 'p50Ms').toFixed(1)} ms and patient B ${results.of('patient B', 'p50Ms').toFixed(1)} ms; one signal of A grew ${largestGrowth(results, 'patient A').toFixed(0)} times, one of B ${largestGrowth(results, 'patient B').toFixed(0)} times. Look for it in their rows, say what you would change, and only then have the faults told.`,
  hides: (seed) => [...faultsOf(seed)].map(([patient, fault]) => `${patient} has ${fault}`),
  code: [
    'apps/api/src/plugins/metrics.ts',
    'packages/database/src/connection.ts',
    'packages/checklist/src/checks/slow-queries.ts',
  ],
  tryNext: [
    'another --seed: the same faults have other names',
    'clients = 1 in lab.ts: the pool of two is healthy now, and the blocked event loop nearly is',
    '`docker compose -p shop-lab exec db-1 psql -U postgres -d shop -c "SELECT calls, mean_exec_time, query FROM pg_stat_statements ORDER BY total_exec_time DESC LIMIT 5"` while it runs with --keep',
  ],
});
