import { setTimeout } from 'node:timers/promises';
import type { Bench } from '@shop/lab/bench.ts';
import { type Column, defineLab, type Figures, type Run } from '@shop/lab/lab.ts';
import type { LoadResult } from '@shop/lab/load.ts';
import type { Send } from '@shop/load/samples.ts';
import { findEasyRate } from './easy-rate.ts';

/** A page of 24 products from the API's cache: nearly all of its cost is at the box. */
const page = '/api/products?limit=24';

const strategies: Record<string, string> = {
  'round robin': 'nginx/round-robin.conf',
  'least connections': 'nginx/least-connections.conf',
  'random two': '03-strategies/random-two.conf',
  'sticky cookie': '03-strategies/sticky-cookie.conf',
  'ip hash': '03-strategies/ip-hash.conf',
};
const boxCpus = 0.2;
const boxes = 3;
const columns: Record<string, Column> = {
  perSecond: { title: 'rate', unit: '/s' },
  p50Ms: { title: 'p50', unit: 'ms', digits: 1 },
  p90Ms: { title: 'p90', unit: 'ms', digits: 1 },
  busiest: { title: 'busiest box', unit: '%' },
  first: { title: 'first box, the slow one', unit: '%' },
  failed: { title: 'failed' },
};

/** The rate that the boxes carry with ease. The first run finds it. */
let easyPerSecond = 0;

/** Twelve shoppers in turn, each with the cookie that the balancer gave it. */
function shoppers(bench: Bench): Send {
  const cookies = new Map<number, string>();
  return async (index) => {
    const shopper = index % 12;
    const cookie = cookies.get(shopper);
    const headers: Record<string, string> = cookie ? { cookie } : {};
    const answer = await bench.getting(page, () => headers)(index);
    const [given] = [answer.headers['set-cookie'] ?? []].flat();
    if (given) cookies.set(shopper, given.split(';')[0]!);
    return answer;
  };
}

async function measure(bench: Bench, file: string, slowBox: boolean): Promise<Figures> {
  const ids = await bench.boxes({ count: boxes, cpus: boxCpus, warmUp: page });
  if (easyPerSecond === 0) easyPerSecond = await findEasyRate(bench, page, boxes * boxCpus);
  if (slowBox) await bench.limit(ids.slice(0, 1), boxCpus / 5);
  await bench.balance(file);
  bench.report(`${Math.round(easyPerSecond)} requests/s for ${bench.seconds} s`);
  const load = { perSecond: easyPerSecond, seconds: bench.seconds };
  return figuresOf(await bench.load(shoppers(bench), load), ids);
}

function figuresOf({ perSecond, p50Ms, p90Ms, failed, byBox }: LoadResult, [first = '']: string[]): Figures {
  // A box's name is the beginning of its container's id. The balancer's own answers name no box.
  const named = [...byBox].filter(([box]) => box !== '');
  const all = named.reduce((sum, [, answers]) => sum + answers, 0);
  const busiest = Math.max(...named.map(([, answers]) => answers));
  const ofFirst = named.find(([box]) => first.startsWith(box))?.[1] ?? 0;
  return { perSecond, p50Ms, p90Ms, failed, busiest: (100 * busiest) / all, first: (100 * ofFirst) / all };
}

const equal = ([name, file]: [string, string]): Run => ({
  name: `${name}, equal boxes`,
  control: true,
  measure: (bench) => measure(bench, file, false),
});
const unequal = ([name, file]: [string, string]): Run => ({
  name: `${name}, one slow`,
  measure: (bench) => measure(bench, file, true),
});

export default defineLab({
  title: 'Strategies of a balancer',
  question: 'Does it matter how a balancer chooses the box?',
  hypothesis:
    'Among equal boxes hardly. When one box is slow, turns go on sending it a third of the requests, and these wait; counting what is in progress keeps them away from it.',
  columns,
  runs: [
    ...Object.entries(strategies).slice(0, 2).map(equal),
    ...Object.entries(strategies).map(unequal),
    {
      name: 'switched six times',
      measure: async (bench) => {
        const ids = await bench.boxes({ count: boxes, cpus: boxCpus, warmUp: page });
        // A connection for each request. An old worker of the balancer closes its idle connections, and a client that has just
        // sent a request on such a connection must send it again, as browsers do. This run shows whether new ones are accepted.
        const send = bench.getting(page, () => ({ connection: 'close' }));
        const load = bench.load(send, { perSecond: easyPerSecond, seconds: bench.seconds });
        const files = Object.values(strategies);
        for (let turn = 0; turn < 6; turn += 1) {
          await bench.balance(files[turn % files.length]!);
          await setTimeout((bench.seconds * 1000) / 8, undefined, { signal: bench.signal });
        }
        return figuresOf(await load, ids);
      },
    },
  ],
  claims: [
    {
      says: 'with one slow box: p90 of turns ÷ p90 of least connections',
      of: ({ of }) => of('round robin, one slow', 'p90Ms') / of('least connections, one slow', 'p90Ms'),
      atLeast: 3,
    },
    {
      says: 'share of the slow box: turns ÷ least connections',
      of: ({ of }) => of('round robin, one slow', 'first') / of('least connections, one slow', 'first'),
      atLeast: 1.3,
    },
    {
      says: 'p90 of turns: equal boxes ÷ one slow',
      of: ({ of }) => of('round robin, equal boxes', 'p90Ms') / of('round robin, one slow', 'p90Ms'),
      atMost: 0.5,
      control: true,
    },
    {
      says: 'with ip-hash, all clients of one address are on one box: its share in percent',
      of: ({ of }) => of('ip hash, one slow', 'busiest'),
      atLeast: 99,
    },
    {
      says: 'requests that failed while the strategy was switched six times',
      of: ({ of }) => of('switched six times', 'failed'),
      atMost: 0,
    },
  ],
  plot: 'p90Ms',
  meaning: ({ of }) =>
    `With one slow box, a tenth of the requests took longer than ${of('round robin, one slow', 'p90Ms').toFixed(0)} ms by turns and than ${of('least connections, one slow', 'p90Ms').toFixed(0)} ms by least connections; among equal boxes the two are alike. The shop's edges count requests in progress, because a replica that hangs is a slow box, too.`,
  code: ['infra/edge/nginx/upstreams.conf', 'tests/chaos/scenarios.spec.ts'],
  tryNext: [
    'a slow box that is paused altogether: then only a time-out helps, see lab 05-health',
    'weights: `server api:3000 resolve weight=…` needs a name a box; give the slow one a fifth of the weight',
  ],
});
