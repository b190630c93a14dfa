import { readFile, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { printFailure } from '@shop/command/actionable-error.ts';
import { root } from '@shop/command/folders.ts';
import { runSteps } from '@shop/command/steps.ts';
import { startSteps } from '@shop/docker/start-steps.ts';
import { compose, environmentOf } from '@shop/docker/topology.ts';
import { Command } from 'commander';
import { execa } from 'execa';
import { benchTopology as topology, unlimited } from './topology.ts';

new Command('npm run bench')
  .description(
    'Measures the shop against what it is made of, as ratios in one run, on a topology of its own.',
  )
  .option('--seconds <n>', 'length of each measurement', '10')
  .option('--rounds <n>', 'how often the two sides of a ratio take turns', '3')
  .action(({ seconds, rounds }: { seconds: string; rounds: string }) =>
    bench(Number(seconds), Number(rounds)).catch(printFailure),
  )
  .parseAsync();

async function bench(seconds: number, rounds: number): Promise<void> {
  Object.assign(process.env, unlimited);
  try {
    await runSteps(startSteps(topology));
    await compose(topology, ['--profile', 'test', 'build', 'integration'], { log: 'build-test.log' });
    await onDatabase('psql', await readFile(`${root}bench/load/products.sql`, 'utf8'), [
      '--quiet',
      '--file=-',
    ]);
    const reads = await compareReads(seconds, rounds);
    const orders = await compareOrders(seconds, rounds);
    const report = await reportOf(reads, orders, seconds, rounds);
    await writeFile(`${root}docs/results/bench.md`, report);
    console.log(`\n${report}\nWritten to docs/results/bench.md.`);
  } finally {
    await compose(topology, ['--profile', 'test', 'down', '--volumes', '--remove-orphans', '--timeout', '5']);
  }
}

type Reads = { bare: number[]; api: number[]; cached: number[] };

/** One replica with its caches off, and one with them on, taking turns with bare Fastify on the same query. */
async function compareReads(seconds: number, rounds: number): Promise<Reads> {
  await compose(topology, ['stop', 'api', 'worker']);
  const servers = {
    bare: await runAside('integration', [], ['node', 'bench/load/bare-server.ts']),
    api: await runAside('api', ['--env', 'CATALOG_CACHE=false']),
    cached: await runAside('api', []),
  };
  const rates: Reads = { bare: [], api: [], cached: [] };
  try {
    for (let round = 0; round < rounds; round += 1) {
      for (const side of ['bare', 'api', 'cached'] as const) {
        const url = `http://${servers[side]}:3000/api/products/bench-1`;
        // The first seconds of a fresh process are its compiler's.
        await autocannon(url, round === 0 ? 5 : 1);
        rates[side].push(await autocannon(url, seconds));
        console.log(`product detail, ${side}: ${Math.round(rates[side].at(-1)!)} requests/s`);
      }
    }
  } finally {
    await execa('docker', ['rm', '--force', ...Object.values(servers)]);
    await compose(topology, ['up', '--detach', '--no-build', 'api', 'worker']);
    await runSteps(startSteps(topology));
  }
  return rates;
}

type Orders = { pgbench: number[]; shop: number[]; shopPerSecond: number[]; pgbenchPerSecond: number[] };

/** Ten clients through edge, API, PgBouncer and HAProxy, taking turns with ten of pgbench on the primary's own socket. */
async function compareOrders(seconds: number, rounds: number): Promise<Orders> {
  const script = await readFile(`${root}bench/load/order.pgbench.sql`, 'utf8');
  const results: Orders = { pgbench: [], shop: [], shopPerSecond: [], pgbenchPerSecond: [] };
  for (let round = 0; round < rounds; round += 1) {
    const log = await onDatabase('sh', script, [
      '-c',
      `cd /tmp && rm -f order.* && cat >order.sql && pgbench -n -c 10 -j 2 -T ${seconds} -l --log-prefix=order -f order.sql -U postgres shop >&2 && cat order.[0-9]*`,
    ]);
    // pgbench's log: client, transaction, latency in µs, …
    const latenciesMs = log
      .split('\n')
      .filter(Boolean)
      .map((line) => Number(line.split(' ')[2]) / 1000);
    results.pgbench.push(median(latenciesMs));
    results.pgbenchPerSecond.push(latenciesMs.length / seconds);
    const shop = JSON.parse(await inNetwork(['node', 'bench/load/order-clients.ts', '10', String(seconds)]));
    results.shop.push(shop.medianMs);
    results.shopPerSecond.push(shop.perSecond);
    console.log(
      `orders: pgbench ${results.pgbench.at(-1)!.toFixed(1)} ms, shop ${shop.medianMs.toFixed(1)} ms`,
    );
  }
  return results;
}

/** Starts one more container of a service beside the topology. @returns its name, which is also its address. */
async function runAside(service: string, options: string[], job: string[] = []): Promise<string> {
  const name = `shop-bench-aside-${service}-${Math.random().toString(36).slice(2, 8)}`;
  const args = [
    'compose',
    '--profile',
    'test',
    'run',
    '--detach',
    '--no-deps',
    '--name',
    name,
    ...options,
    service,
  ];
  await execa('docker', [...args, ...job], { cwd: root, env: environmentOf(topology) });
  return name;
}

/** Runs a program of the test image inside the topology's networks. @returns what it printed. */
async function inNetwork(job: string[]): Promise<string> {
  const args = ['compose', '--profile', 'test', 'run', '--rm', '--no-deps', '--no-TTY'];
  const { stdout } = await execa(
    'docker',
    [...args, '--env', 'EDGE_1=http://edge-1:8080', 'integration', ...job],
    {
      cwd: root,
      env: environmentOf(topology),
    },
  );
  return stdout;
}

async function autocannon(url: string, seconds: number): Promise<number> {
  const job = [
    'node_modules/.bin/autocannon',
    '--json',
    '--connections',
    '20',
    '--duration',
    String(seconds),
    url,
  ];
  const { requests, non2xx, errors } = JSON.parse(await inNetwork(job));
  if (non2xx > 0 || errors > 0) throw new Error(`${url}: ${non2xx} refusals, ${errors} errors`);
  return requests.average;
}

/** Runs a program in the primary's container, with `input` on its standard input. */
async function onDatabase(program: string, input: string, args: string[]): Promise<string> {
  for (const node of ['db-1', 'db-2', 'db-3']) {
    const name = `${topology.project}-${node}-1`;
    const { stdout } = await execa('docker', [
      'exec',
      name,
      'psql',
      '-U',
      'postgres',
      '-AtXc',
      'SELECT pg_is_in_recovery()',
    ]);
    if (stdout.trim() !== 'f') continue;
    const login = program === 'psql' ? ['--username=postgres', '--dbname=shop'] : [];
    return (await execa('docker', ['exec', '--interactive', name, program, ...login, ...args], { input }))
      .stdout;
  }
  throw new Error('no database node is the primary');
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

async function reportOf(reads: Reads, orders: Orders, seconds: number, rounds: number): Promise<string> {
  const { stdout: commit } = await execa('git', ['rev-parse', '--short', 'HEAD'], { cwd: root });
  const rate = (values: number[]) => `${Math.round(median(values))} /s`;
  const ms = (values: number[]) => `${median(values).toFixed(1)} ms`;
  const readRatio = median(reads.api) / median(reads.bare);
  const orderRatio = median(orders.shop) / median(orders.pgbench);
  return `# Benchmark

\`npm run bench -- --seconds ${seconds} --rounds ${rounds}\` at commit ${commit}, ${new Date().toISOString().slice(0, 10)}, on ${cpus().length} cores (${cpus()[0]?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB, everything on that one machine. Medians of ${rounds} rounds in which the sides take turns; only the ratios mean something elsewhere.

| product detail, 20 connections | rate | of bare Fastify |
|---|---|---|
| bare Fastify and node-postgres, same query, same PgBouncer | ${rate(reads.bare)} | 1 |
| one API replica, caches off (goal: at least 0.8) | ${rate(reads.api)} | ${readRatio.toFixed(2)} |
| one API replica, cache on | ${rate(reads.cached)} | ${(median(reads.cached) / median(reads.bare)).toFixed(2)} |

| one order, ten clients | median | rate | of pgbench |
|---|---|---|---|
| pgbench, the same transaction, on the primary's socket | ${ms(orders.pgbench)} | ${rate(orders.pgbenchPerSecond)} | 1 |
| POST /api/orders through edge, API, PgBouncer, HAProxy (goal: at most 2) | ${ms(orders.shop)} | ${rate(orders.shopPerSecond)} | ${orderRatio.toFixed(2)} |
`;
}
