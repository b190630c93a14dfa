/** `npm run seed -- --products N --customers N --orders N`: as much more of everything as a test of size needs. */
import { SingleBar } from 'cli-progress';
import { Command, InvalidArgumentError } from 'commander';
import { loadCustomers, loadProducts, type OnProgress } from './bulk-catalog.ts';
import { loadOrders } from './bulk-orders.ts';
import { loadConfig } from './config.ts';
import { withPrimary } from './connect.ts';

const limits = { products: 100_000, customers: 1_000_000, orders: 1_000_000 };

const program = new Command('seed')
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
  .parse();

const wanted = program.opts<Record<keyof typeof limits, number>>();
if (!Object.values(wanted).some(Boolean))
  program.error('Nothing to do: say how many with --products, --customers or --orders.');

const { databases } = loadConfig();
// Ends with the batch under way, so that nothing is left half loaded.
const stopping = new AbortController();
for (const event of ['SIGINT', 'SIGTERM'] as const) process.once(event, () => stopping.abort());

try {
  for (const [what, load] of Object.entries({
    products: loadProducts,
    customers: loadCustomers,
    orders: loadOrders,
  })) {
    const count = wanted[what as keyof typeof limits];
    await withBar(what, count, (onProgress) => load(databases, count, onProgress, stopping.signal));
  }
  // Without it the planner goes by the sizes of before until autovacuum comes round.
  await withPrimary(databases.shopUrl, databases.password, (client) => client.query('ANALYZE'));
} catch (error) {
  program.error(error instanceof Error ? error.message : String(error));
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
  if (total === 0 || stopping.signal.aborted) return;
  const bar = new SingleBar({
    format: `${what.padEnd(9)} {bar} {percentage}% | {value}/{total} | {duration_formatted} | {eta_formatted} to go`,
    // Into a log one line now and then.
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
