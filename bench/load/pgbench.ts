import { readFile } from 'node:fs/promises';
import { root } from '@shop/command/folders.ts';
import type { Topology } from '@shop/docker/topology.ts';
import { onPrimary } from './database.ts';

/** Creates the products that pgbench orders. They are for sale only while `work` runs, since others may use the topology. */
export async function withProductsToOrder(topology: Topology, work: () => Promise<void>): Promise<void> {
  const psql = ['psql', '--username=postgres', '--dbname=shop', '--quiet', '--file=-'];
  await onPrimary(topology, psql, await readFile(`${root}bench/load/products.sql`, 'utf8'));
  try {
    await work();
  } finally {
    await onPrimary(topology, psql, "UPDATE products SET active = false WHERE slug LIKE 'bench-%'");
  }
}

/** pgbench places orders on the primary's socket. @returns the milliseconds of each. */
export async function runPgbench(topology: Topology, clients: number, seconds: number): Promise<number[]> {
  const run = `cd /tmp && rm -f order.* && cat >order.sql \
    && pgbench -n -c ${clients} -j 2 -T ${seconds} -l --log-prefix=order -f order.sql -U postgres shop >&2 && cat order.[0-9]*`;
  const script = await readFile(`${root}bench/load/order.pgbench.sql`, 'utf8');
  const log = await onPrimary(topology, ['sh', '-c', run], script);
  // A line of the log: client, transaction, latency in µs, …
  return log
    .split('\n')
    .filter(Boolean)
    .map((line) => Number(line.split(' ')[2]) / 1000);
}
