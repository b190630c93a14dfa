import { writeFile } from 'node:fs/promises';
import { printFailure } from '@shop/command/actionable-error.ts';
import { root } from '@shop/command/folders.ts';
import { runSteps } from '@shop/command/steps.ts';
import { positiveNumber } from '@shop/command/whole-number.ts';
import { readAccounts } from '@shop/docker/accounts.ts';
import { remove } from '@shop/docker/engine-api.ts';
import { execIn } from '@shop/docker/in-container.ts';
import { startSteps } from '@shop/docker/start-steps.ts';
import { compose } from '@shop/docker/topology.ts';
import { usageOf } from '@shop/docker/usage.ts';
import { Command } from 'commander';
import pWaitFor from 'p-wait-for';
import { median } from 'simple-statistics';
import type { CallOnServer } from './load/bare-calls.ts';
import { type Calls, type Orders, reportOf, type Side } from './load/bench-report.ts';
import { autocannon, inNetwork } from './load/in-network.ts';
import { runPgbench, withProductsToOrder } from './load/pgbench.ts';
import { measureWith, benchTopology as topology, unlimited } from './topology.ts';

const connections = 20;
/** A replica needs some thousand calls until its code is compiled. */
const warmUpSeconds = 12;

new Command('npm run bench')
  .description(
    'Compares the shop with its parts, such as a bare server and Postgres alone, as ratios of one run, on a topology of its own.',
  )
  .option('--seconds <n>', 'length of each measurement', positiveNumber, 10)
  .option('--rounds <n>', 'how often the two sides of a ratio take turns', positiveNumber, 3)
  .action(({ seconds, rounds }: { seconds: number; rounds: number }) =>
    bench(seconds, rounds).catch(printFailure),
  )
  .parseAsync();

async function bench(seconds: number, rounds: number): Promise<void> {
  Object.assign(process.env, unlimited);
  try {
    await runSteps(startSteps(topology));
    await readAccounts(topology);
    await compose(topology, ['--profile', 'test', 'build', 'integration'], { log: 'build-test.log' });
    await withProductsToOrder(topology, async () => {
      const calls = await compareCalls(seconds, rounds);
      const orders = await compareOrders(seconds, rounds);
      const report = await reportOf(calls, orders, seconds, rounds);
      await writeFile(`${root}docs/results/bench.md`, report);
      console.log(`\n${report}\nWritten to docs/results/bench.md.`);
    });
  } finally {
    await compose(topology, ['--profile', 'test', 'down', '--volumes', '--remove-orphans', '--timeout', '5']);
  }
}

/**
 * The same calls at one replica of the API and at a server that has only Fastify and the clients of the stores. The sides
 * take turns; the clients call the containers directly, without an edge.
 */
async function compareCalls(seconds: number, rounds: number): Promise<Calls> {
  const calls = await measureWith<CallOnServer[]>(topology, 'bare-calls.ts', []);
  await compose(topology, ['stop', 'api', 'worker']);
  const servers: Record<Side, string> = {
    bare: await runAside('integration', [], ['node', 'bench/load/bare-server.ts']),
    uncached: await runAside('api', ['--env', 'CATALOG_CACHE=false']),
    api: await runAside('api', []),
  };
  const figures: Calls = new Map();
  try {
    await Promise.all(Object.values(servers).map(untilItAnswers));
    for (const call of calls) {
      for (let round = 0; round < rounds; round += 1) {
        for (const side of call.sides) {
          // A fresh process compiles its code while it is called for the first time.
          if (round === 0) await send(call, servers[side], warmUpSeconds);
          const measured = await send(call, servers[side], seconds);
          figures.set(call.name, [...(figures.get(call.name) ?? []), { side, ...measured }]);
          const { perSecond, processorMs } = measured;
          console.log(
            `${call.name}, ${side}: ${Math.round(perSecond)} /s, ${processorMs.toFixed(3)} ms each`,
          );
        }
      }
    }
  } finally {
    await Promise.all(Object.values(servers).map(remove));
    await compose(topology, ['up', '--detach', '--no-build', 'api', 'worker']);
    await runSteps(startSteps(topology));
  }
  return figures;
}

/** Compose returns before the program listens. */
async function untilItAnswers(server: string): Promise<void> {
  const ask =
    "fetch('http://127.0.0.1:3000/api/products/bench-1').then(({ ok }) => process.exit(ok ? 0 : 1))";
  const answers = () =>
    execIn(server, 'node', '--eval', ask).then(
      () => true,
      () => false,
    );
  const message = `${server} does not answer`;
  await pWaitFor(answers, { interval: 500, timeout: { milliseconds: 60_000, message } });
}

async function send({ path, options }: CallOnServer, server: string, seconds: number) {
  const before = await usageOf(server);
  const url = `http://${server}:3000${path}`;
  const { total, average } = await autocannon(topology, url, { connections, seconds, options });
  const after = await usageOf(server);
  return { perSecond: average, processorMs: (after.processorMs - before.processorMs) / total };
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
