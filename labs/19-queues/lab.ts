import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { payments } from '@shop/chaos/faults/payments.ts';
import type { Bench } from '@shop/lab/bench.ts';
import { loadColumns, loadFigures } from '@shop/lab/columns.ts';
import { defineLab, type Figures } from '@shop/lab/lab.ts';
import { startService, stopService } from '@shop/lab/services.ts';
import type { Send } from '@shop/load/samples.ts';
import pWaitFor from 'p-wait-for';

const warmUp = '/api/whoami';
/** More than the capacity, which is 5/s at 2 s an order for ten places of the checkout and for ten jobs of a worker. */
const perSecond = 8;
/** How long a client waits for the answer to its order. */
const patienceMs = 30_000;
/** Places of the checkout, and jobs of payments that one worker runs at once (apps/worker/src/queues.ts). */
const atOnce = 10;
const slowMs = 2_000;
const drainTimeoutMs = 240_000;

type Form = 'in-the-request' | 'through-the-queue';

async function measure(bench: Bench, form: Form, delayMs: number): Promise<Figures> {
  await bench.boxes({ count: 1, warmUp });
  await paysOnlyBy(bench, form);
  const send = await ordering(bench);
  await bench.balance(`19-queues/${form}.conf`);
  const seconds = bench.quick ? 6 : 15;
  bench.report('warming up with a quick provider');
  const paidCold = await paid(bench);
  const warm = await bench.load(send, { perSecond, seconds: 3 });
  await untilPaid(bench, paidCold + warm.total - warm.failed);
  const paidBefore = await paid(bench);
  try {
    if (delayMs > 0) await payments({ mode: 'slow', delayMs });
    bench.report(`${perSecond} orders a second for ${seconds} s`);
    let sent = 0;
    const counting: Send = (index) => {
      sent += 1;
      return send(index);
    };
    const spike = bench.load(counting, { perSecond, seconds });
    await sleep(seconds * 1000, undefined, { signal: bench.signal });
    const backlog = sent - ((await paid(bench)) - paidBefore);
    const endedAt = performance.now();
    const result = await spike;
    const accepted = result.total - result.failed;
    bench.report(`${accepted} orders accepted, waiting until the last one is paid`);
    await untilPaid(bench, paidBefore + accepted);
    const drainS = (performance.now() - endedAt) / 1000;
    return {
      ...loadFigures(result),
      accepted,
      backlog,
      drainS,
      unpaid: accepted - Math.min(accepted, (await paid(bench)) - paidBefore),
    };
  } finally {
    await payments({ mode: 'normal' });
  }
}

/** Lets the checkout or the worker capture payments. No order of the previous run is left. */
async function paysOnlyBy(bench: Bench, form: Form): Promise<void> {
  if (form === 'in-the-request') return await stopService('worker');
  await startService('worker');
  bench.report(
    'the worker handles the orders whose payment the previous runs captured in the request: it captures none a second time',
  );
  const isIdle = async () =>
    (await bench.sql('SELECT count(*) FROM outbox WHERE done_at IS NULL')).trim() === '0';
  await pWaitFor(isIdle, {
    interval: 500,
    signal: bench.signal,
    timeout: { milliseconds: drainTimeoutMs, message: 'the outbox was not emptied' },
  });
}

/** Sends orders of one piece each, by shoppers in turn. */
async function ordering(bench: Bench): Promise<Send> {
  const shoppers = await Promise.all(
    Array.from({ length: 10 }, async () => {
      const shopper = bench.client();
      await shopper.register();
      return shopper;
    }),
  );
  const stocked = await bench.sql('SELECT id FROM products WHERE active ORDER BY stock DESC LIMIT 50');
  const products = stocked.split('\n');
  return async (index) =>
    await shoppers[index % shoppers.length]!.post('/api/orders', {
      key: randomUUID(),
      body: { items: [{ productId: products[index % products.length], quantity: 1 }] },
      signal: AbortSignal.timeout(patienceMs),
    });
}

/** Waits until the provider has captured so many payments. The limit is longer than any machine needs. */
async function untilPaid(bench: Bench, orders: number): Promise<void> {
  await pWaitFor(async () => (await paid(bench)) >= orders, {
    interval: 250,
    signal: bench.signal,
    timeout: { milliseconds: drainTimeoutMs, fallback: () => {} },
  });
}

/** The number of captured payments, from the provider's own table. */
async function paid(bench: Bench): Promise<number> {
  const count = "SELECT count(*) FROM payments WHERE status = 'captured'";
  return Number(await bench.onPrimary('psql', '-U', 'postgres', '-d', 'payments', '-AtXqc', count));
}

export default defineLab({
  title: 'Queues',
  question: 'What does a slow payment provider do to the order: in the request, and through a queue?',
  hypothesis:
    'In the request each order takes as long as the provider, and a spike waits in front of the checkout. Through the queue the order is answered at once, the spike waits where no shopper does, and the worker pays it off at its own pace.',
  extras: ['payments', 'mail', 'worker', 'checkout'],
  columns: {
    ...loadColumns,
    accepted: { title: 'orders accepted' },
    backlog: { title: 'not paid when the spike ends' },
    drainS: { title: 'all paid after', unit: 's', digits: 1 },
  },
  runs: [
    {
      name: 'in the request, quick provider',
      control: true,
      measure: (bench) => measure(bench, 'in-the-request', 0),
    },
    { name: 'in the request, 2 s', measure: (bench) => measure(bench, 'in-the-request', slowMs) },
    { name: 'through the queue, 2 s', measure: (bench) => measure(bench, 'through-the-queue', slowMs) },
  ],
  claims: [
    {
      says: 'p50 of an order with a provider of 2 s, in the request ÷ through the queue',
      of: ({ of }) => of('in the request, 2 s', 'p50Ms') / of('through the queue, 2 s', 'p50Ms'),
      atLeast: { quick: 5, full: 10 },
    },
    {
      says: 'orders that failed through the queue',
      of: ({ of }) => of('through the queue, 2 s', 'failed'),
      atMost: 0,
    },
    {
      says: 'orders accepted through the queue and never paid',
      of: ({ of }) => of('through the queue, 2 s', 'unpaid'),
      atMost: 0,
    },
    {
      says: 'backlog paid a second ÷ what ten jobs of 2 s can pay (5/s)',
      of: ({ of }) =>
        of('through the queue, 2 s', 'backlog') /
        of('through the queue, 2 s', 'drainS') /
        (atOnce / (slowMs / 1000)),
      atLeast: 0.5,
      atMost: 1.2,
    },
    {
      says: 'p50 of an order in the request, provider of 2 s ÷ quick provider',
      of: ({ of }) => of('in the request, 2 s', 'p50Ms') / of('in the request, quick provider', 'p50Ms'),
      atLeast: { quick: 5, full: 10 },
    },
    {
      says: 'p50 with a quick provider in the request ÷ through the queue',
      of: ({ of }) => of('in the request, quick provider', 'p50Ms') / of('through the queue, 2 s', 'p50Ms'),
      atMost: 4,
      control: true,
    },
  ],
  plot: 'p50Ms',
  meaning: ({ of }) =>
    `In the request half of the orders took more than ${(of('in the request, 2 s', 'p50Ms') / 1000).toFixed(1)} s, since ten places at 2 s carry five orders a second and the others wait in line; through the queue half were answered within ${of('through the queue, 2 s', 'p50Ms').toFixed(0)} ms. The queue makes the provider no faster, and its ten jobs at 2 s pay five orders a second, too: ${of('through the queue, 2 s', 'backlog').toFixed(0)} orders were not paid yet when the spike ended, and the worker needed ${of('through the queue, 2 s', 'drainS').toFixed(0)} s for them. It moves the wait to where no shopper stands.`,
  code: [
    'apps/api/src/outbox/outbox.repository.ts',
    'apps/worker/src/outbox-relay.ts',
    'apps/worker/src/jobs/capture-payment.ts',
    'docs/patterns.md',
  ],
  tryNext: [
    'pLimit(100) in checkout.ts: the line is gone, and each order still takes 2 s, and holds memory and connections as long',
    '`worker: 2` in packages/lab/src/topology.ts: the backlog drains twice as fast, and no order is answered sooner',
    '`docker compose -p shop-lab kill payments` while it runs: in the request every order fails, through the queue none',
  ],
});
