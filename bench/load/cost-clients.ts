import { randomUUID } from 'node:crypto';
import { primaryNode, queryNode, running } from '@shop/chaos/topology/topology.ts';
import { type Item, makeItems } from '@shop/chaos/workload/items.ts';
import { usageOf } from '@shop/docker/usage.ts';
import { saturate } from '@shop/load/offer.ts';
import { goodputPerSecond, quantileMs, type Send } from '@shop/load/samples.ts';
import { ShopClient } from '@shop/shop-client/shop-client.ts';
import { edges } from '@shop/shop-client/topology-under-test.ts';
import pWaitFor from 'p-wait-for';

/**
 * `node bench/load/cost-clients.ts <orders|reads> <edges> <clients> <seconds>`: clients that wait for each answer, over one
 * edge or both. `reads` are of an order that the same session has just placed. Prints one line of JSON with the rate, times
 * and CPU-milliseconds a call, the jobs of an order included; fails when a call fails.
 */
const [what = '', edgeCount = 2, clients = 16, seconds = 8] = process.argv
  .slice(2)
  .map((argument, index) => (index === 0 ? argument : Number(argument))) as [string, number, number, number];

await untilNoJobWaits();
const [item] = await makeItems(edges[0], 1);
const shoppers = await Promise.all(
  Array.from({ length: clients }, async (_, index) => {
    const client = new ShopClient(edges[index % edgeCount]!);
    await client.register();
    return client;
  }),
);
const items = await makeItems(edges[0], 30, 1_000_000);
const send = what === 'orders' ? ordering(items) : await readingBack(item!);

await saturate(send, { clients, seconds: 20 });
await untilNoJobWaits();
const usedBefore = await processorMs();
const startedAt = performance.now();
const samples = await saturate(send, { clients, seconds });
const bad = samples.filter(({ status }) => status !== 200 && status !== 201);
if (bad.length > 0)
  throw new Error(`${bad.length} calls were answered otherwise, the first ${bad[0]!.status}`);
await untilNoJobWaits();
const usedMs = (await processorMs()) - usedBefore;
console.log(
  JSON.stringify({
    perSecond: goodputPerSecond(samples, startedAt, startedAt + seconds * 1000),
    medianMs: quantileMs(samples, 0.5),
    p99Ms: quantileMs(samples, 0.99),
    cpuMs: usedMs / samples.length,
  }),
);
process.exit(0);

/** Milliseconds of processor time that the shop's own programs have used. */
async function processorMs(): Promise<number> {
  const containers = await Promise.all(['api', 'worker', 'payments'].map((service) => running(service)));
  const usages = await Promise.all(containers.flat().map(({ id }) => usageOf(id)));
  return usages.reduce((sum, usage) => sum + usage.processorMs, 0);
}

/** Waits for the jobs of the orders so far: they would take half of the machine from what is measured next. */
async function untilNoJobWaits(): Promise<void> {
  const primary = await primaryNode();
  const waiting = () => queryNode(primary, 'SELECT 1 FROM outbox WHERE done_at IS NULL LIMIT 1');
  await pWaitFor(async () => (await waiting()).length === 0, { interval: 500, timeout: 120_000 });
}

function place(client: ShopClient, productId: string) {
  const body = { items: [{ productId, quantity: 1 }] };
  return client.post('/api/orders', { key: randomUUID(), body });
}

/** Thirty products: two orders seldom wait for the same row. */
function ordering(products: Item[]): Send {
  return (index) => {
    const product = products[Math.floor(Math.random() * products.length)]!;
    return place(shoppers[index % shoppers.length]!, product.id);
  };
}

async function readingBack({ id }: Item): Promise<Send> {
  const placed = await Promise.all(shoppers.map(async (client) => (await place(client, id)).body.id));
  return (index) => {
    const turn = index % shoppers.length;
    return shoppers[turn]!.get(`/api/orders/${placed[turn]}`);
  };
}
