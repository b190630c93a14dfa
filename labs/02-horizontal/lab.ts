import type { Bench } from '@shop/lab/bench.ts';
import { loadColumns, loadFigures } from '@shop/lab/columns.ts';
import { defineLab, type Figures, type Run } from '@shop/lab/lab.ts';
import { fitScalability } from './scalability.ts';

/** A page of 24 products from the API's cache: nearly all of its cost is at the box. */
const page = '/api/products?limit=24';
/** The largest number first: the later runs use boxes that are already warm. */
const sizes = [5, 3, 2, 1];
const boxCpus = 0.2;

async function measure(bench: Bench, count: number, file = 'nginx/least-connections.conf'): Promise<Figures> {
  await bench.boxes({ count, cpus: boxCpus, warmUp: page, answers: 10_000 });
  await bench.balance(file);
  // The number of clients grows with the boxes: with fewer clients a box would sometimes wait for a request.
  const result = await bench.saturate(page, 16 * count);
  return { ...loadFigures(result), generatorCpus: result.generatorCpus };
}

const boxes = (count: number): Run => ({
  name: count === 1 ? '1 box' : `${count} boxes`,
  measure: (bench) => measure(bench, count),
});

/** Three boxes of which only one gets requests, as with a lock, or with sessions in memory and all shoppers on one box. */
const oneLock: Run = {
  name: '3 boxes, one lock',
  control: true,
  measure: (bench) => measure(bench, 3, '02-horizontal/one-box.conf'),
};

export default defineLab({
  title: 'Horizontal scaling',
  question: 'Do three boxes carry three times what one box carries?',
  hypothesis:
    'A box that keeps no state shares nothing with the next one, so the rate grows with the number of boxes until something behind them is the limit.',
  columns: {
    ...loadColumns,
    generatorCpus: { title: 'load generator', unit: 'CPU', digits: 2 },
  },
  runs: sizes.flatMap((count) => (count === 3 ? [boxes(3), oneLock] : [boxes(count)])),
  claims: [
    {
      says: 'efficiency of three boxes: their rate ÷ three times that of one',
      of: ({ of }) => of('3 boxes', 'perSecond') / (3 * of('1 box', 'perSecond')),
      atLeast: { quick: 0.8, full: 0.95 },
    },
    {
      says: 'efficiency of three boxes of which all requests go to one',
      of: ({ of }) => of('3 boxes, one lock', 'perSecond') / (3 * of('1 box', 'perSecond')),
      atMost: 0.5,
      control: true,
    },
    {
      says: 'failed requests',
      of: ({ of }) => sizes.reduce((sum, count) => sum + of(boxes(count).name, 'failed'), 0),
      atMost: 0,
    },
  ],
  plot: 'perSecond',
  meaning: ({ of }) => {
    const { contention, coherency, peak } = fitScalability(
      sizes.map((count) => ({ boxes: count, perSecond: of(boxes(count).name, 'perSecond') })),
    );
    const most = Number.isFinite(peak) ? `the rate would peak at ${Math.round(peak)} boxes` : 'no peak shows';
    return `The Universal Scalability Law fits these rates with a contention of ${(100 * contention).toFixed(1)} % and a coherency of ${(100 * coherency).toFixed(2)} %: ${most}. Boxes without state add up; what they share (the balancer, the cache, the database) is what bends the line.`;
  },
  code: ['infra/edge/nginx/upstreams.conf', 'infra/app/compose.yml', 'apps/api/src/auth/session.plugin.ts'],
  tryNext: [
    'boxes of 0.5 CPU: the machine itself becomes the limit, and the load generator says so',
    'settings: { CATALOG_CACHE: "false" }: each request asks Postgres, which the boxes share, and the line bends',
  ],
});
