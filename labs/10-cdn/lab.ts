import { setTimeout } from 'node:timers/promises';
import type { Bench } from '@shop/lab/bench.ts';
import { defineLab, type Figures } from '@shop/lab/lab.ts';
import { getting, type LoadResult } from '@shop/lab/load.ts';
import { cdnOrigins } from '@shop/lab/topology.ts';
import type { Send } from '@shop/load/samples.ts';
import pWaitFor from 'p-wait-for';

const points = ['cdn-1', 'cdn-2'] as const;
/** The way to the origin and the way back take so long each. */
const halfRoundTripMs = 40;
/** Far below what one box carries: no request waits for another one. */
const perSecond = 25;
/** `proxy_cache_valid` of cdn.conf. */
const freshMs = 8_000;
const purgeTimeoutMs = 30_000;

type Paths = (slug: string, index: number) => string;
const cached: Paths = (slug) => `/api/products/${slug}`;
const uncached: Paths = (slug) => `/uncached/api/products/${slug}`;
/** Each request has another key, so the cache cannot have its answer. */
const neverAskedBefore: Paths = (slug, index) => `/api/products/${slug}?asked=${Date.now()}-${index}`;

/** One box, which asks Postgres for each product, behind a long way. @returns its id, and the slugs of some products. */
async function origin(bench: Bench): Promise<{ box: string; slugs: string[] }> {
  const [box = ''] = await bench.boxes({
    count: 1,
    settings: { CATALOG_CACHE: 'false' },
    warmUp: '/api/whoami',
  });
  for (const direction of ['upstream', 'downstream']) {
    const toxic = ['--toxicName', direction, '--type', 'latency', `--${direction}`];
    // A run before may have added it already.
    if ((await bench.exec('far', 'toxiproxy-cli', 'inspect', 'origin')).includes(direction)) continue;
    const latency = ['--attribute', `latency=${halfRoundTripMs}`];
    await bench.exec('far', 'toxiproxy-cli', 'toxic', 'add', ...toxic, ...latency, 'origin');
  }
  const { body } = await bench.client().get('/api/products?limit=8');
  const slugs: string[] = body.items.map(({ slug }: { slug: string }) => slug);
  // Fresh in both points of presence, and their connections to the origin are made.
  for (const slug of slugs) await Promise.all(points.map((point) => purge(bench, point, slug)));
  return { box, slugs };
}

/** Puts the origin's answer of now in the place of the one that a point of presence has. */
async function purge(bench: Bench, point: string, slug: string): Promise<void> {
  const ask = `exec 3<>/dev/tcp/127.0.0.1/8081; printf 'GET %s HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' "$1" >&3; read -r _ status _ <&3; cat <&3 >/dev/null; [ "$status" = 200 ]`;
  await bench.exec(point, 'bash', '-c', ask, 'purge', cached(slug, 0));
}

async function measure(bench: Bench, pathOf: Paths, dead = false): Promise<Figures> {
  const { box, slugs } = await origin(bench);
  let hits = 0;
  /** Shoppers at both points of presence in turn. */
  const send: Send = async (index) => {
    const point = cdnOrigins[index % cdnOrigins.length] ?? '';
    const answer = await getting(point, pathOf(slugs[index % slugs.length] ?? '', index))(index);
    if (['HIT', 'STALE', 'UPDATING'].includes(String(answer.headers['x-cache'] ?? ''))) hits += 1;
    return answer;
  };
  const offer = async (): Promise<Figures> => {
    bench.report(`${perSecond} requests/s for ${bench.seconds} s`);
    let result: LoadResult | undefined;
    const usedMs = await bench.cpuMs(['api'], async () => {
      result = await bench.load(send, { perSecond, seconds: bench.seconds });
    });
    if (!result) throw new Error('the load gave no result');
    const { p50Ms, failed, total } = result;
    return {
      // Where every request fails, none has a duration.
      ...(failed < total ? { p50Ms } : {}),
      failedShare: (100 * failed) / total,
      hitShare: (100 * hits) / total,
      // A box that is dead has no processor time.
      ...(dead ? {} : { originCpuMs: usedMs / total }),
    };
  };
  if (!dead) return await offer();
  return await bench.struck(box, 'kill', async () => {
    await setTimeout(freshMs + 1000, undefined, { signal: bench.signal });
    return await offer();
  });
}

/** Changes a price at the origin, and measures how long a shopper at any point of presence may still see the old one. */
async function change(bench: Bench, how: 'expiry' | 'purge'): Promise<Figures> {
  const {
    slugs: [slug = ''],
  } = await origin(bench);
  const priceAt = async (point: string): Promise<number> => {
    const answer = await fetch(`${point}${cached(slug, 0)}`);
    return ((await answer.json()) as { priceCents: number }).priceCents;
  };
  const prices = async () => await Promise.all(cdnOrigins.map(priceAt));
  const [before = 0] = await prices();
  const set = (cents: number) =>
    bench.sql(`UPDATE products SET price_cents = ${cents} WHERE slug = '${slug}'`);
  try {
    await set(before + 1);
    const startedAt = performance.now();
    bench.report(how === 'purge' ? 'both points of presence are purged' : 'the old answers expire');
    // The database node that answers may be a moment behind: a purge is repeated until it brings the new price.
    await pWaitFor(
      async () => {
        if (how === 'purge') await Promise.all(points.map((point) => purge(bench, point, slug)));
        return (await prices()).every((price) => price === before + 1);
      },
      { interval: 50, timeout: purgeTimeoutMs, signal: bench.signal },
    );
    return { everywhereS: (performance.now() - startedAt) / 1000 };
  } finally {
    await set(before);
  }
}

export default defineLab({
  title: 'CDN',
  question: 'What does a cache near the shoppers bring when the origin is far away, and when it is dead?',
  hypothesis:
    'The cache is near the shopper, so its answer takes a fraction of the time and costs the origin nothing. While the origin is dead, the cache sends its old answers; only a request for what it does not have fails. The cost is age: a shopper sees a change when the old answer has expired, or after a purge of its key.',
  extras: ['far', 'cdn-1', 'cdn-2'],
  columns: {
    p50Ms: { title: 'p50', unit: 'ms', digits: 1 },
    failedShare: { title: 'failed', unit: '%', digits: 1 },
    hitShare: { title: 'from a cache', unit: '%', digits: 1 },
    originCpuMs: { title: 'CPU of the origin a read', unit: 'ms', digits: 2 },
    everywhereS: { title: 'new price everywhere after', unit: 's', digits: 2 },
  },
  runs: [
    { name: 'no cache', measure: (bench) => measure(bench, uncached) },
    { name: 'cache', measure: (bench) => measure(bench, cached) },
    {
      name: 'cache, never asked before',
      control: true,
      measure: (bench) => measure(bench, neverAskedBefore),
    },
    { name: 'no cache, origin dead', measure: (bench) => measure(bench, uncached, true) },
    { name: 'cache, origin dead', measure: (bench) => measure(bench, cached, true) },
    { name: 'change, expiry', measure: (bench) => change(bench, 'expiry') },
    { name: 'change, purge', measure: (bench) => change(bench, 'purge') },
  ],
  claims: [
    {
      says: 'median wait, cache ÷ no cache',
      of: ({ of }) => of('cache', 'p50Ms') / of('no cache', 'p50Ms'),
      atMost: 0.4,
    },
    {
      says: 'CPU of the origin a read, cache ÷ no cache',
      of: ({ of }) => of('cache', 'originCpuMs') / of('no cache', 'originCpuMs'),
      atMost: 0.6,
    },
    {
      says: 'percent of the reads that fail while the origin is dead, no cache',
      of: ({ of }) => of('no cache, origin dead', 'failedShare'),
      atLeast: 95,
    },
    {
      says: 'percent of the reads that fail while the origin is dead, cache',
      of: ({ of }) => of('cache, origin dead', 'failedShare'),
      atMost: 0,
    },
    {
      says: 'time until a new price is everywhere, purge ÷ expiry',
      of: ({ of }) => of('change, purge', 'everywhereS') / of('change, expiry', 'everywhereS'),
      atMost: 0.5,
    },
    {
      says: 'median wait for what was never asked before, cache ÷ no cache',
      of: ({ of }) => of('cache, never asked before', 'p50Ms') / of('no cache', 'p50Ms'),
      atLeast: 0.8,
      control: true,
    },
  ],
  plot: 'p50Ms',
  meaning: ({ of }) =>
    `A shopper waited ${of('no cache', 'p50Ms').toFixed(0)} ms for the far origin and ${of('cache', 'p50Ms').toFixed(1)} ms for the cache, which had ${of('cache', 'hitShare').toFixed(0)} % of the answers, and went on having them when the origin was dead. A new price was everywhere after ${of('change, expiry', 'everywhereS').toFixed(1)} s by expiry and after ${of('change, purge', 'everywhereS').toFixed(1)} s by a purge.`,
  code: ['labs/10-cdn/cdn.conf', 'infra/edge/nginx/api.conf', 'apps/api/src/cache-headers.ts'],
  tryNext: [
    'proxy_cache_valid 200 1s in cdn.conf: a change shows sooner, and the origin answers more',
    'proxy_cache_background_update off: once in eight seconds a shopper waits for the origin',
    'proxy_cache_use_stale off: while the origin is dead, the cache sends errors',
  ],
});
