import type { Bench } from '@shop/lab/bench.ts';
import { defineLab, type Figures } from '@shop/lab/lab.ts';

const path = '/api/whoami';
/** Far below the capacity of three boxes: no request fails for lack of capacity. */
const perSecond = 30;

async function measure(bench: Bench, file: string, how?: 'kill' | 'pause'): Promise<Figures> {
  const [id = ''] = await bench.boxes({ count: 3, warmUp: path });
  await bench.balance(file);
  const offer = () => bench.offer(path, perSecond);
  const { failed, total, p50Ms, p99Ms, samples } = how ? await bench.struck(id, how, offer) : await offer();
  // Until the balancer avoids the box: from the first request to the end of the last one that failed, or that waited for
  // the time-out of a second.
  const startedAt = samples[0]?.startedAt ?? 0;
  const bad = samples.filter(({ status, tookMs }) => status !== 200 || tookMs > 800);
  const awareS = bad.length > 0 ? (Math.max(...bad.map(({ endedAt }) => endedAt)) - startedAt) / 1000 : 0;
  return { failedShare: (100 * failed) / total, p50Ms, p99Ms, waited: bad.length, awareS };
}

export default defineLab({
  title: 'Health checks',
  question: 'How does a balancer find out that a box is dead or hangs, and what does that cost?',
  hypothesis:
    'Without checks a third of the requests go to the dead box and fail. With passive checks the first request finds out and is sent to another box: no client sees a failure, and only the first requests wait.',
  columns: {
    failedShare: { title: 'failed', unit: '%', digits: 1 },
    p50Ms: { title: 'p50', unit: 'ms', digits: 1 },
    p99Ms: { title: 'p99', unit: 'ms', digits: 1 },
    waited: { title: 'failed or waited' },
    awareS: { title: 'last of them after', unit: 's', digits: 1 },
  },
  runs: [
    {
      name: 'no checks, all well',
      control: true,
      measure: (bench) => measure(bench, '05-health/no-checks.conf'),
    },
    { name: 'no checks, one dead', measure: (bench) => measure(bench, '05-health/no-checks.conf', 'kill') },
    { name: 'passive, one dead', measure: (bench) => measure(bench, '05-health/passive.conf', 'kill') },
    { name: 'no checks, one hangs', measure: (bench) => measure(bench, '05-health/no-checks.conf', 'pause') },
    { name: 'passive, one hangs', measure: (bench) => measure(bench, '05-health/passive.conf', 'pause') },
  ],
  claims: [
    {
      says: 'percent of the requests that fail with a dead box and no checks',
      of: ({ of }) => of('no checks, one dead', 'failedShare'),
      atLeast: 20,
    },
    {
      says: 'percent of the requests that fail with a dead box and passive checks',
      of: ({ of }) => of('passive, one dead', 'failedShare'),
      atMost: 0,
    },
    {
      says: 'requests that waited for a box that hangs, passive checks ÷ no checks',
      of: ({ of }) => of('passive, one hangs', 'waited') / of('no checks, one hangs', 'waited'),
      atMost: 0.75,
    },
    {
      says: 'percent of the requests that fail with no checks while all boxes are well',
      of: ({ of }) => of('no checks, all well', 'failedShare'),
      atMost: 0,
      control: true,
    },
  ],
  plot: 'failedShare',
  meaning: ({ of }) =>
    `A dead box cost ${of('no checks, one dead', 'failedShare').toFixed(0)} % of the requests without checks and none with passive ones, since the request that finds out is sent on. A box that hangs is dearer: a time-out is the only sign, and each of ${of('passive, one hangs', 'waited').toFixed(0)} requests waited for it.`,
  code: [
    'infra/edge/nginx/upstreams.conf',
    'infra/edge/nginx/proxy-api.conf',
    'apps/api/src/plugins/health.ts',
  ],
  tryNext: [
    'proxy_read_timeout 200ms in passive.conf: a box that hangs is found sooner, and a slow answer is now a failure',
    'a POST instead of a GET: nginx does not send it to a second box on its own; see infra/edge/nginx/api.conf',
  ],
});
