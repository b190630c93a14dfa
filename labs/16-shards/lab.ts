import type { Bench } from '@shop/lab/bench.ts';
import { defineLab, type Figures } from '@shop/lab/lab.ts';
import { startService, stopService } from '@shop/lab/services.ts';
import { median } from 'simple-statistics';

const all = ['shard-1', 'shard-2', 'shard-3', 'shard-4'] as const;
/** Processors of each shard: so little that Postgres limits the rate, also on two cores. */
const cpus = 0.1;

/** Plays a scenario of main.ts in the container of the clients. */
async function play(bench: Bench, scenario: string, shards: number): Promise<Figures> {
  const program = ['node', '/shop/labs/16-shards/main.ts'];
  const answer = await bench.exec('clients', ...program, scenario, String(shards), String(bench.seconds));
  const figures = JSON.parse(answer) as Record<string, number | number[]>;
  return Object.fromEntries(
    Object.entries(figures).map(([name, value]) => [name, Array.isArray(value) ? median(value) : value]),
  );
}

async function orders(bench: Bench, scenario: string, shards: number): Promise<Figures> {
  return await bench.capped([...all], cpus, async () => {
    bench.report(`orders for ${bench.seconds} s on ${shards} of the shards`);
    return await play(bench, scenario, shards);
  });
}

async function questions(bench: Bench, shards: number): Promise<Figures> {
  bench.report('questions to one shard and to all');
  return await play(bench, 'questions', shards);
}

/** A shard is stopped after all of them were filled. */
async function oneAway(bench: Bench): Promise<Figures> {
  await play(bench, 'questions', 4);
  bench.report('shard-4 is away');
  await stopService('shard-4');
  try {
    return await play(bench, 'one-each', 4);
  } finally {
    await startService('shard-4');
  }
}

export default defineLab({
  title: 'Shards',
  question:
    'What does a shop gain and lose when its orders are on several databases that know nothing of each other?',
  hypothesis:
    'Writes of different customers share nothing, so the rate grows with the shards. Whatever was about all customers (a sum, a unique address, one customer that orders everything) gets harder or stops working.',
  extras: ['clients', ...all],
  columns: {
    perSecond: { title: 'orders', unit: '/s' },
    failed: { title: 'failed' },
    lost: { title: 'lost' },
    longestMs: { title: 'longest', unit: 'ms' },
    ownMs: { title: 'own orders', unit: 'ms', digits: 1 },
    allMs: { title: 'best sellers', unit: 'ms', digits: 1 },
    twice: { title: 'same address' },
    percentRefused: { title: 'refused', unit: '%' },
    unanswered: { title: 'unanswered' },
  },
  runs: [
    // The one shard last: it is compared with the others, and then it is as warm as they are.
    { name: '4 shards', measure: (bench) => orders(bench, 'spread', 4) },
    { name: '2 shards', measure: (bench) => orders(bench, 'spread', 2) },
    { name: '1 shard', measure: (bench) => orders(bench, 'spread', 1) },
    {
      name: '4 shards, one customer orders all',
      control: true,
      measure: (bench) => orders(bench, 'one-customer', 4),
    },
    { name: 'a third shard is added', measure: (bench) => orders(bench, 'add-a-shard', 3) },
    {
      name: 'a third shard is added without a fence',
      control: true,
      measure: (bench) => orders(bench, 'add-a-shard-unfenced', 3),
    },
    { name: 'questions, 1 shard', control: true, measure: (bench) => questions(bench, 1) },
    { name: 'questions, 4 shards', measure: (bench) => questions(bench, 4) },
    { name: 'one of 4 is away', measure: oneAway },
  ],
  claims: [
    {
      says: 'orders a second on four shards ÷ on one',
      of: ({ of }) => of('4 shards', 'perSecond') / of('1 shard', 'perSecond'),
      atLeast: { quick: 1.6, full: 2.2 },
    },
    {
      says: 'orders lost or failed while a third shard is added',
      of: ({ of }) => of('a third shard is added', 'lost') + of('a third shard is added', 'failed'),
      atMost: 0,
    },
    {
      says: 'e-mail addresses of 100 that two accounts got, on four shards',
      of: ({ of }) => of('questions, 4 shards', 'twice'),
      atLeast: 50,
    },
    {
      says: 'percent of the customers that cannot order when one of four shards is away',
      of: ({ of }) => of('one of 4 is away', 'percentRefused'),
      atLeast: 10,
      atMost: 45,
    },
    {
      says: 'questions about all customers that fail then',
      of: ({ of }) => of('one of 4 is away', 'unanswered'),
      atLeast: 1,
    },
    {
      says: 'orders a second of one customer on four shards ÷ of all customers on one shard',
      of: ({ of }) => of('4 shards, one customer orders all', 'perSecond') / of('1 shard', 'perSecond'),
      atMost: 1.4,
      control: true,
    },
    {
      says: 'orders lost when a shard is added without a fence',
      of: ({ of }) => of('a third shard is added without a fence', 'lost'),
      atLeast: 1,
      control: true,
    },
    {
      says: 'e-mail addresses that two accounts got, on one shard',
      of: ({ of }) => of('questions, 1 shard', 'twice'),
      atMost: 0,
      control: true,
    },
  ],
  plot: 'perSecond',
  meaning: ({ of }) =>
    `Four shards took ${(of('4 shards', 'perSecond') / of('1 shard', 'perSecond')).toFixed(1)} times the orders of one, and a third one was added under load without losing an order; without a fence ${of('a third shard is added without a fence', 'lost').toFixed(0)} were lost. The price: a question about all asks each shard and fails when one is away, and ${of('questions, 4 shards', 'twice').toFixed(0)} of 100 e-mail addresses were taken twice, because no index spans two databases.`,
  code: ['apps/api/src/orders/orders.repository.ts', 'packages/database/src/primary.ts'],
  tryNext: [
    'FOR KEY SHARE away in shards.ts: orders are lost again, although the row of the bucket is read',
    'a table of addresses that has shards of its own, by the hash of the address: an account is then two writes on two shards, and what becomes of a client that dies between them?',
  ],
});
