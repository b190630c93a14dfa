import { container } from '@shop/docker/engine-api.ts';
import { loadColumns, loadFigures } from '@shop/lab/columns.ts';
import { defineLab, type Run } from '@shop/lab/lab.ts';
import pWaitFor from 'p-wait-for';

/** A page of 24 products from the API's cache: nearly all of its cost is at the box. */
const page = '/api/products?limit=24';
const sizes = [0.15, 0.3, 0.6];

const size = (cpus: number): Run => ({
  name: `${cpus} CPU`,
  measure: async (bench) => {
    await bench.boxes({ count: 1, cpus, warmUp: page });
    return { ...loadFigures(await bench.saturate(page)), awayS: 0 };
  },
});

export default defineLab({
  title: 'Vertical scaling',
  question: 'What does a larger box bring, and what does it cost to get one?',
  hypothesis:
    'The rate grows with the processor that the box has, until its one event loop fills a whole core; and a box that is alone is away while it is exchanged for a larger one.',
  columns: {
    ...loadColumns,
    awayS: { title: 'away', unit: 's', digits: 1 },
  },
  runs: [
    ...sizes.map(size),
    {
      name: 'exchanged under load',
      measure: async (bench) => {
        const [id = ''] = await bench.boxes({ count: 1, cpus: 0.4, warmUp: page });
        bench.report('exchanging the box while requests come in');
        const send = bench.getting(page);
        const exchanged = new AbortController();
        const load = bench.load(send, { perSecond: 10, seconds: 600, signal: exchanged.signal });
        await container(id).restart();
        await pWaitFor(
          () =>
            send(0).then(
              ({ status }) => status === 200,
              () => false,
            ),
          { interval: 100 },
        );
        exchanged.abort();
        const result = await load;
        const bad = result.samples.filter(({ status }) => status !== 200);
        const awayS = bad.length > 0 ? (bad.at(-1)!.endedAt - bad[0]!.startedAt) / 1000 : 0;
        return { ...loadFigures(result), awayS };
      },
    },
    {
      name: 'two boxes, one exchanged',
      control: true,
      measure: async (bench) => {
        const [id = ''] = await bench.boxes({ count: 2, cpus: 0.4, warmUp: page });
        await bench.balance('01-vertical/next-box.conf');
        bench.report('exchanging one box of two while requests come in');
        const exchanged = new AbortController();
        const load = bench.load(bench.getting(page), {
          perSecond: 10,
          seconds: 600,
          signal: exchanged.signal,
        });
        await container(id).restart();
        await pWaitFor(async () => (await container(id).inspect()).State.Health?.Status === 'healthy', {
          interval: 100,
        });
        exchanged.abort();
        return { ...loadFigures(await load), awayS: 0 };
      },
    },
  ],
  claims: [
    {
      says: 'rate of 0.6 CPU ÷ rate of 0.15 CPU',
      of: ({ of }) => of('0.6 CPU', 'perSecond') / of('0.15 CPU', 'perSecond'),
      atLeast: { quick: 2.5, full: 3 },
    },
    {
      says: 'requests that failed while the one box was exchanged',
      of: ({ of }) => of('exchanged under load', 'failed'),
      atLeast: 1,
    },
    {
      says: 'requests that failed while one box of two was exchanged',
      of: ({ of }) => of('two boxes, one exchanged', 'failed'),
      atMost: 0,
      control: true,
    },
  ],
  plot: 'perSecond',
  meaning: ({ of }) =>
    `Four times the processor carried ${(of('0.6 CPU', 'perSecond') / of('0.15 CPU', 'perSecond')).toFixed(1)} times the requests, without a line of code; but no request was answered for ${of('exchanged under load', 'awayS').toFixed(1)} s while the box was exchanged. A second box removes that gap, which is why the shop never has one of anything that serves.`,
  code: ['infra/app/compose.yml', 'infra/edge/nginx/api.conf', 'apps/api/src/main.ts'],
  tryNext: [
    'sizes of 1 and 1.5 CPU on a machine with four cores: one event loop fills one core, and more of it brings little',
    'scale api in infra/app/compose.yml to 1 and deploy: `npm run deploy` replaces it without a failed request all the same; why?',
  ],
});
