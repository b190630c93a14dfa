import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench } from '@shop/lab/bench.ts';
import { defineLab, type Figures } from '@shop/lab/lab.ts';
import type { Send } from '@shop/load/samples.ts';

/** A page of 24 products from the API's cache: nearly all of its cost is at the box. */
const page = '/api/products?limit=24';
/** Up to 640 calls a second of a client that may make ten. */
const pauseAfterRefusalMs = 50;

async function measure(bench: Bench, file: string, greedy: boolean): Promise<Figures> {
  await bench.boxes({ count: 1, cpus: 0.3, warmUp: page });
  await bench.balance(file);
  // Ten shoppers of one request a second each, and one client that has 32 requests in progress whenever it does not pause.
  const shopper = (index: number) => ({ 'x-client': `shopper-${index % 10}` });
  const shoppers = bench.load(bench.getting(page, shopper), { perSecond: 10, seconds: bench.seconds });
  const ask = bench.getting(page, () => ({ 'x-client': 'greedy' }));
  // Refusals are so cheap that 32 clients without a pause would take the whole machine, and the load generator with it.
  const askAgainLater: Send = async (index) => {
    const answer = await ask(index);
    if (answer.status === 429) await sleep(pauseAfterRefusalMs);
    return answer;
  };
  const greedyLoad = greedy ? bench.load(askAgainLater, { clients: 32, seconds: bench.seconds }) : undefined;
  const [others, taken] = await Promise.all([shoppers, greedyLoad]);
  return {
    p50Ms: others.p50Ms,
    p90Ms: others.p90Ms,
    failed: others.failed,
    greedyPerSecond: taken?.perSecond ?? 0,
    greedyRefused: taken?.failed ?? 0,
  };
}

export default defineLab({
  title: 'Limits',
  question: 'What does one greedy client do to the others, and what does a limit do about it?',
  hypothesis:
    'A client that sends as much as it can fills the queue in front of the box, and all others wait in it. A limit for each client refuses what is too much before it queues.',
  columns: {
    p50Ms: { title: 'others, p50', unit: 'ms', digits: 1 },
    p90Ms: { title: 'others, p90', unit: 'ms', digits: 1 },
    failed: { title: 'others, failed' },
    greedyPerSecond: { title: 'greedy, served', unit: '/s', digits: 1 },
    greedyRefused: { title: 'greedy, refused' },
  },
  runs: [
    { name: 'shoppers alone', measure: (bench) => measure(bench, 'nginx/round-robin.conf', false) },
    { name: 'greedy, no limit', measure: (bench) => measure(bench, 'nginx/round-robin.conf', true) },
    { name: 'greedy, limit', measure: (bench) => measure(bench, '07-shaping/limit.conf', true) },
    { name: 'greedy, limit and burst', measure: (bench) => measure(bench, '07-shaping/burst.conf', true) },
    {
      name: 'shoppers alone, limit',
      control: true,
      measure: (bench) => measure(bench, '07-shaping/limit.conf', false),
    },
  ],
  claims: [
    {
      says: 'median wait of the others beside the greedy client: no limit ÷ limit',
      of: ({ of }) => of('greedy, no limit', 'p50Ms') / of('greedy, limit', 'p50Ms'),
      atLeast: 2,
    },
    {
      says: 'requests of the others that the limit refused',
      of: ({ of }) => of('greedy, limit', 'failed') + of('greedy, limit and burst', 'failed'),
      atMost: 0,
    },
    {
      says: 'median wait of the others without a greedy client: limit ÷ no limit',
      of: ({ of }) => of('shoppers alone, limit', 'p50Ms') / of('shoppers alone', 'p50Ms'),
      atMost: 2,
      control: true,
    },
  ],
  plot: 'p90Ms',
  meaning: ({ of }) =>
    `Beside one greedy client the others waited ${of('greedy, no limit', 'p50Ms').toFixed(0)} ms at the median, with a limit ${of('greedy, limit', 'p50Ms').toFixed(0)} ms; the limit refused ${of('greedy, limit', 'greedyRefused').toFixed(0)} requests of the greedy client and none of theirs. A limit is about fairness: it costs the well-behaved nothing.`,
  code: [
    'infra/edge/nginx/clients.conf',
    'apps/api/src/plugins/rate-limit.ts',
    'apps/api/src/overload/overload.plugin.ts',
  ],
  tryNext: [
    'rate=1r/s in limit.conf: a limit that is too low refuses the shoppers, too, and the second claim fails',
    'take `nodelay` out of burst.conf: the burst is not refused any more, it waits its turn',
  ],
});
