import { randomUUID } from 'node:crypto';
import { lag } from '@shop/chaos/faults/lag.ts';
import type { Bench } from '@shop/lab/bench.ts';
import { defineLab, type Figures } from '@shop/lab/lab.ts';
import { median } from 'simple-statistics';

const warmUp = '/api/whoami';
/** The variant of the API that reads on any replica and ignores what the session has written. */
const anywhere = { BROKEN_VARIANT: 'reads-ignore-the-watermark', SHOP_ENVIRONMENT: 'test' };

async function measure(bench: Bench, settings: Record<string, string>, lagMs: number): Promise<Figures> {
  await bench.boxes({ count: 2, settings, warmUp });
  const client = bench.client();
  await client.register();
  const { body } = await client.get('/api/products?limit=20&inStock=true');
  const products: { id: string }[] = body.items;
  const orders = bench.quick ? 20 : 60;
  const read = async () => {
    let stale = 0;
    const tookMs: number[] = [];
    for (let order = 0; order < orders; order += 1) {
      bench.report(`order ${order + 1} of ${orders}, and a look at it`);
      const items = [{ productId: products[order % products.length]!.id, quantity: 1 }];
      const placed = await client.post('/api/orders', { key: randomUUID(), body: { items } });
      if (placed.status !== 201) throw new Error(`an order was answered ${placed.status}`);
      const startedAt = performance.now();
      const { status } = await client.get(`/api/orders/${placed.body.id}`);
      tookMs.push(performance.now() - startedAt);
      if (status === 404) stale += 1;
      else if (status !== 200) throw new Error(`an order was read with ${status}`);
    }
    return {
      stale: (100 * stale) / orders,
      readMs: median(tookMs),
    };
  };
  if (lagMs === 0) return await read();
  const fault = lag(await bench.replica(), lagMs);
  try {
    await fault.strike();
    return await read();
  } finally {
    await fault.undo();
  }
}

export default defineLab({
  title: 'Consistency',
  question: 'Does a shopper see the order that was just placed?',
  hypothesis:
    'A replica shows a commit later than the primary has it. Reading anywhere, a shopper meets a page that does not know the order yet; reading with the position of the own last write, never.',
  columns: {
    stale: { title: 'own order not found', unit: '%', digits: 1 },
    readMs: { title: 'median of the read', unit: 'ms', digits: 1 },
  },
  runs: [
    { name: 'read anywhere, replica 1 s behind', measure: (bench) => measure(bench, anywhere, 1000) },
    { name: 'read your writes, replica 1 s behind', measure: (bench) => measure(bench, {}, 1000) },
    { name: 'read your writes, no lag', control: true, measure: (bench) => measure(bench, {}, 0) },
  ],
  claims: [
    {
      says: 'percent of the own orders that were not found, read anywhere with a replica 1 s behind',
      of: ({ of }) => of('read anywhere, replica 1 s behind', 'stale'),
      atLeast: 50,
    },
    {
      says: 'percent of the own orders that were not found, read with the watermark',
      of: ({ of }) => of('read your writes, replica 1 s behind', 'stale'),
      atMost: 0,
    },
    {
      says: 'percent of the own orders that were not found without any lag',
      of: ({ of }) => of('read your writes, no lag', 'stale'),
      atMost: 0,
      control: true,
    },
  ],
  plot: 'stale',
  meaning: ({ of }) =>
    `With a replica one second behind, ${of('read anywhere, replica 1 s behind', 'stale').toFixed(0)} % of the shoppers did not find the order that they had just placed; with the watermark all did. The cookie carries the position of the session’s last write, a replica that has passed it may answer, and else the primary does: nothing waits.`,
  code: [
    'packages/database/src/consistency.ts',
    'packages/database/src/replica.ts',
    'apps/api/src/plugins/consistency.ts',
  ],
  tryNext: [
    'wait for two seconds between order and read: read anywhere is right now, by luck that a test does not notice',
    'count where the reads went: `shop_database_reads_total` in Prometheus, docs/guarantees.md has the promise',
  ],
});
