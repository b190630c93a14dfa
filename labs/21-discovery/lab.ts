import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench } from '@shop/lab/bench.ts';
import { defineLab, type Figures } from '@shop/lab/lab.ts';
import { getting } from '@shop/lab/load.ts';

const path = '/api/whoami';
const boxes = { count: 3 };
/** Far below the capacity of three boxes: no request fails for lack of capacity. */
const perSecond = 30;

async function measure(bench: Bench, file: string, how?: 'stop' | 'kill'): Promise<Figures> {
  await bench.boxes({ ...boxes, warmUp: path });
  await bench.balance(file);
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, bench.signal]);
  const load = bench.load(getting(bench.origin, path), { perSecond, seconds: 600, signal });
  try {
    await sleep(2000, undefined, { signal });
    if (how) await bench.replaced(how, boxes);
    else await sleep(bench.seconds * 1000, undefined, { signal });
    const replacedAt = performance.now();
    bench.report('all are replaced, three seconds more');
    // Longer than it takes the balancer to ask the DNS again.
    await sleep(3000, undefined, { signal });
    stop.abort();
    const { failed, total, p50Ms, p99Ms, samples } = await load;
    // In the second after the end of the last box, DNS may still name it.
    const after = samples.filter(({ startedAt }) => startedAt > replacedAt + 1500);
    const lost = after.filter(({ status }) => status !== 200).length;
    return {
      total,
      failed,
      failedBefore: failed - lost,
      lostAfter: (100 * lost) / after.length,
      p50Ms,
      p99Ms,
    };
  } finally {
    stop.abort();
    await load;
  }
}

export default defineLab({
  title: 'Discovery',
  question: 'How does a balancer learn that boxes were replaced, and what is lost until it knows?',
  hypothesis:
    'A list of addresses is right until the boxes are replaced, and then every request is lost. DNS that is asked again each second follows. What a box had in hand when it died is saved by draining or by a retry, not by discovery.',
  columns: {
    total: { title: 'requests' },
    failed: { title: 'lost' },
    failedBefore: { title: 'lost while boxes were replaced' },
    lostAfter: { title: 'lost afterwards', unit: '%', digits: 1 },
    p50Ms: { title: 'p50', unit: 'ms', digits: 1 },
    p99Ms: { title: 'p99', unit: 'ms', digits: 1 },
  },
  runs: [
    {
      name: 'list, nothing replaced',
      control: true,
      measure: (bench) => measure(bench, '21-discovery/list.conf'),
    },
    { name: 'list, drained', measure: (bench) => measure(bench, '21-discovery/list.conf', 'stop') },
    { name: 'DNS, drained', measure: (bench) => measure(bench, '21-discovery/dns.conf', 'stop') },
    {
      name: 'DNS, killed',
      fullOnly: true,
      measure: (bench) => measure(bench, '21-discovery/dns.conf', 'kill'),
    },
    {
      name: 'DNS, killed, no retries',
      measure: (bench) => measure(bench, '21-discovery/dns-no-retries.conf', 'kill'),
    },
    {
      name: 'DNS, killed, no retries, a failed box avoided for a minute',
      measure: (bench) => measure(bench, '21-discovery/dns-long-grudge.conf', 'kill'),
    },
  ],
  claims: [
    {
      says: 'percent of the requests lost after all boxes were replaced, with a list of addresses',
      of: ({ of }) => of('list, drained', 'lostAfter'),
      atLeast: 90,
    },
    {
      says: 'requests lost with DNS followed and boxes drained',
      of: ({ of }) => of('DNS, drained', 'failed'),
      atMost: 0,
    },
    {
      says: 'percent of the requests lost after all boxes were killed and replaced, with DNS followed',
      of: ({ of }) => of('DNS, killed, no retries', 'lostAfter'),
      atMost: 0,
    },
    {
      says: 'the same, when the balancer avoids a box for a minute after one failed request',
      of: ({ of }) => of('DNS, killed, no retries, a failed box avoided for a minute', 'lostAfter'),
      atLeast: 90,
    },
    {
      says: 'requests lost with DNS followed, no retries and boxes killed',
      of: ({ of }) => of('DNS, killed, no retries', 'failed'),
      atLeast: 1,
    },
    {
      says: 'requests lost with DNS followed and boxes killed, retries ÷ no retries',
      of: ({ of }) => of('DNS, killed', 'failed') / of('DNS, killed, no retries', 'failed'),
      atMost: 0.5,
      fullOnly: true,
    },
    {
      says: 'requests lost with a list of addresses while nothing is replaced',
      of: ({ of }) => of('list, nothing replaced', 'failed'),
      atMost: 0,
      control: true,
    },
  ],
  plot: 'failed',
  meaning: ({ of }) =>
    `With a list of addresses ${of('list, drained', 'lostAfter').toFixed(0)} % of the requests were lost once the last box of the list was gone, although three new ones were ready; with DNS asked again each second none, unless the balancer held a grudge: a new box is in the DNS before it listens, fails its first request, and ${of('DNS, killed, no retries, a failed box avoided for a minute', 'lostAfter').toFixed(0)} % were lost where that counted for a minute. Discovery is always a moment late: boxes that were killed cost ${of('DNS, killed, no retries', 'failed').toFixed(0)} requests where nothing sent them to another box.`,
  code: [
    'infra/edge/nginx/upstreams.conf',
    'apps/api/src/plugins/health.ts',
    'packages/docker/src/rolling.ts',
    'infra/haproxy/haproxy.cfg',
  ],
  tryNext: [
    'valid=10s in labs/nginx/nginx.conf: DNS is late by ten seconds, and so is all that follows it',
    '`nginx -s reload` after the replacement is what makes the list right again: try `docker compose -p shop-lab exec balancer bash /labs/nginx/exchange.sh 21-discovery/list.conf`',
  ],
});
