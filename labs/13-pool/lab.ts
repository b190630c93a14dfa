import type { Bench } from '@shop/lab/bench.ts';
import { defineLab, type Figures, type Results } from '@shop/lab/lab.ts';
import pWaitFor from 'p-wait-for';

const pool = 'pgbouncer:6432';
const many = 300;
const few = 20;
/** A connection holds its memory after its first queries, so an occasional sample finds the maximum. */
const lookEveryMs = 300;

/** Memory of all processes of Postgres in KiB, each shared page counted once, and how many of them serve the clients. */
const look = `cat /proc/[0-9]*/smaps_rollup 2>/dev/null | awk '/^Pss:/ { kib += $2 } END { print kib }'
  cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' '\\n' | grep -c '^postgres: .*shop_app' || true`;

async function measure(bench: Bench, clients: number, through: 'pool' | 'direct'): Promise<Figures> {
  // Read before the clients connect, because they leave no free connection.
  const primary = await bench.primary();
  const address = through === 'pool' ? pool : `${primary}:5432`;
  bench.report(`${clients} clients for ${bench.seconds} s`);
  let over = false;
  const most = { memoryMib: 0, servers: 0 };
  const lookUntilOver = async () => {
    const [kib, servers] = (await bench.exec(primary, 'bash', '-c', look)).split('\n').map(Number);
    most.memoryMib = Math.max(most.memoryMib, (kib ?? 0) / 1024);
    most.servers = Math.max(most.servers, servers ?? 0);
    return over;
  };
  const program = ['node', '/shop/labs/13-pool/clients.ts', String(clients), String(bench.seconds), address];
  const asked = bench.exec('clients', ...program).finally(() => {
    over = true;
  });
  const [answer] = await Promise.all([asked, pWaitFor(lookUntilOver, { interval: lookEveryMs })]);
  return { ...(JSON.parse(answer) as { refused: number; perSecond: number }), ...most };
}

const [fewDirect, fewPooled] = [`${few} clients, direct`, `${few} clients, PgBouncer`];
const [manyDirect, manyPooled] = [`${many} clients, direct`, `${many} clients, PgBouncer`];
const percentRefused = ({ of }: Results, run: string) => (100 * of(run, 'refused')) / many;

export default defineLab({
  title: 'Pool',
  question: 'What becomes of the database when every process of a growing shop has connections of its own?',
  hypothesis:
    'Each connection is a process of Postgres, with memory of its own, and there is a fixed number of them. A pool in between lets hundreds of clients take turns on a few.',
  extras: ['clients'],
  columns: {
    refused: { title: 'refused' },
    perSecond: { title: 'questions', unit: '/s' },
    servers: { title: 'processes that serve them' },
    memoryMib: { title: 'memory of Postgres', unit: 'MiB' },
  },
  runs: [
    { name: fewDirect, control: true, measure: (bench) => measure(bench, few, 'direct') },
    { name: fewPooled, control: true, measure: (bench) => measure(bench, few, 'pool') },
    { name: manyDirect, measure: (bench) => measure(bench, many, 'direct') },
    { name: manyPooled, measure: (bench) => measure(bench, many, 'pool') },
  ],
  claims: [
    {
      says: 'percent of 300 clients that Postgres refuses without a pool',
      of: (results) => percentRefused(results, manyDirect),
      atLeast: 50,
    },
    {
      says: 'percent of 300 clients that are refused by PgBouncer',
      of: (results) => percentRefused(results, manyPooled),
      atMost: 0,
    },
    {
      says: 'memory of Postgres with 300 clients: those that got in directly ÷ all of them through PgBouncer',
      of: ({ of }) => of(manyDirect, 'memoryMib') / of(manyPooled, 'memoryMib'),
      atLeast: 1.3,
    },
    {
      says: 'refused of 20 clients, with a pool and without',
      of: ({ of }) => of(fewDirect, 'refused') + of(fewPooled, 'refused'),
      atMost: 0,
      control: true,
    },
    {
      says: 'questions a second of 20 clients, PgBouncer ÷ direct: a pool that is not needed makes nothing faster',
      of: ({ of }) => of(fewPooled, 'perSecond') / of(fewDirect, 'perSecond'),
      atMost: 1.2,
      control: true,
      // Two rates, one after the other: in the short form they compare how busy the machine was.
      fullOnly: true,
    },
  ],
  plot: 'memoryMib',
  meaning: (results) =>
    `Of 300 clients Postgres refused ${percentRefused(results, manyDirect).toFixed(0)} %, and the others took ${results.of(manyDirect, 'memoryMib').toFixed(0)} MiB; through PgBouncer all 300 were served by ${results.of(manyPooled, 'servers')} processes and ${results.of(manyPooled, 'memoryMib').toFixed(0)} MiB. A pool does not make the database faster: it lets many wait in line where a line is cheap.`,
  code: [
    'infra/pgbouncer/pgbouncer.ini',
    'infra/pgbouncer/databases.ini',
    'packages/database/src/connection.ts',
  ],
  tryNext: [
    'pool_size=1 in infra/pgbouncer/databases.ini: the line gets longer, and the rate falls only when one process is too few',
    'SELECT pg_sleep(0.1) as the question: how long a transaction lasts decides how many connections a shop needs',
  ],
});
