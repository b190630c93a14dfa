import { SingleBar } from 'cli-progress';
import { Command, InvalidArgumentError } from 'commander';
import { loadCustomers, loadProducts, type OnProgress } from './bulk-catalog.ts';
import { loadOrders } from './bulk-orders.ts';
import { loadConfig } from './config.ts';
import { withPrimary } from './connect.ts';

const limits = { products: 100_000, customers: 1_000_000, orders: 1_000_000 };
type Wanted = Record<keyof typeof limits, number>;

/** In this order: an order needs customers and products. */
const loaders = { products: loadProducts, customers: loadCustomers, orders: loadOrders };

/** `npm run seed -- --products N --customers N --orders N`: adds so many of each, for a test with more data. */
export const moreCommand = new Command('more')
  .description('Adds products, customers and past orders to the shop. What is there stays as it is.')
  .option(
    '--products <n>',
    `variants of the catalogue's products, up to ${limits.products}`,
    upTo(limits.products),
    0,
  )
  .option('--customers <n>', `people to order, up to ${limits.customers}`, upTo(limits.customers), 0)
  .option('--orders <n>', `orders of the past year, up to ${limits.orders}`, upTo(limits.orders), 0)
  .addHelpText('after', '\nA million orders take about 2 GB on each database node.')
  .action((wanted: Wanted, command: Command) =>
    loadMore(wanted).catch((error) => command.error(error instanceof Error ? error.message : String(error))),
  );

async function loadMore(wanted: Wanted): Promise<void> {
  if (!Object.values(wanted).some(Boolean))
    throw new Error('Nothing to do: say how many with --products, --customers or --orders.');
  const { databases } = loadConfig();
  // It stops after the batch in progress, so that no batch is half loaded.
  const stopping = new AbortController();
  for (const event of ['SIGINT', 'SIGTERM'] as const) process.once(event, () => stopping.abort());
  for (const [what, load] of Object.entries(loaders)) {
    const count = wanted[what as keyof Wanted];
    if (count === 0 || stopping.signal.aborted) continue;
    await withBar(what, count, (onProgress) => load(databases, count, onProgress, stopping.signal));
  }
  // Without it, the planner uses the old sizes of the tables until autovacuum runs.
  await withPrimary(databases.shopUrl, databases.password, (client) => client.query('ANALYZE'));
}

function upTo(limit: number): (text: string) => number {
  return (text) => {
    const count = Number(text);
    if (/^\d+$/.test(text) && count <= limit) return count;
    throw new InvalidArgumentError(`It must be a whole number from 0 to ${limit}.`);
  };
}

async function withBar(
  what: string,
  total: number,
  work: (onProgress: OnProgress) => Promise<void>,
): Promise<void> {
  const bar = new SingleBar({
    format: `${what.padEnd(9)} {bar} {percentage}% | {value}/{total} | {duration_formatted} | {eta_formatted} to go`,
    // In a log file, one line from time to time.
    noTTYOutput: true,
    notTTYSchedule: 5_000,
  });
  bar.start(total, 0);
  try {
    await work((count) => bar.increment(count));
  } finally {
    bar.stop();
  }
}
