import { writeFile } from 'node:fs/promises';
import { printFailure } from '@shop/command/actionable-error.ts';
import { root } from '@shop/command/folders.ts';
import { runSteps } from '@shop/command/steps.ts';
import { remove } from '@shop/docker/engine-api.ts';
import { startSteps } from '@shop/docker/start-steps.ts';
import { compose } from '@shop/docker/topology.ts';
import { Command } from 'commander';
import { median } from 'simple-statistics';
import { type Orders, type Reads, reportOf } from './load/bench-report.ts';
import { autocannon, inNetwork } from './load/in-network.ts';
import { runPgbench, withProductsToOrder } from './load/pgbench.ts';
import { benchTopology as topology, unlimited } from './topology.ts';

const connections = 20;

new Command('npm run bench')
  .description(
    'Compares the shop with its parts, such as a bare server and Postgres alone, as ratios of one run, on a topology of its own.',
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
    await withProductsToOrder(topology, async () => {
      const reads = await compareReads(seconds, rounds);
      const orders = await compareOrders(seconds, rounds);
      const report = await reportOf(reads, orders, seconds, rounds);
      await writeFile(`${root}docs/results/bench.md`, report);
      console.log(`\n${report}\nWritten to docs/results/bench.md.`);
    });
  } finally {
    await compose(topology, ['--profile', 'test', 'down', '--volumes', '--remove-orphans', '--timeout', '5']);
  }
}

/** Bare Fastify, a replica without its caches and one with them take turns at the same query. */
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
        // In its first seconds a fresh process still compiles its code.
        await autocannon(topology, url, connections, round === 0 ? 5 : 1);
        rates[side].push((await autocannon(topology, url, connections, seconds)).average);
        console.log(`product detail, ${side}: ${Math.round(rates[side].at(-1)!)} requests/s`);
      }
    }
  } finally {
    await Promise.all(Object.values(servers).map(remove));
    await compose(topology, ['up', '--detach', '--no-build', 'api', 'worker']);
    await runSteps(startSteps(topology));
  }
  return rates;
}

/** Ten clients through edge, API, PgBouncer and HAProxy take turns with ten clients of pgbench on the primary's socket. */
async function compareOrders(seconds: number, rounds: number): Promise<Orders> {
  const results: Orders = { pgbench: [], shop: [], shopPerSecond: [], pgbenchPerSecond: [] };
  for (let round = 0; round < rounds; round += 1) {
    const latenciesMs = await runPgbench(topology, 10, seconds);
    results.pgbench.push(median(latenciesMs));
    results.pgbenchPerSecond.push(latenciesMs.length / seconds);
    const shop = JSON.parse(
      await inNetwork(topology, ['node', 'bench/load/order-clients.ts', '10', String(seconds)]),
    );
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
  const run = ['run', '--detach', '--no-deps', '--name', name, ...options, service, ...job];
  await compose(topology, ['--profile', 'test', ...run]);
  return name;
}
