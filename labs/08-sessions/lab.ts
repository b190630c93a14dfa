import type { Bench } from '@shop/lab/bench.ts';
import { defineLab, type Figures } from '@shop/lab/lab.ts';
import type { ShopClient } from '@shop/shop-client/shop-client.ts';

const warmUp = '/api/whoami';
/** The variant of the API that keeps sessions in the process, as the first version of many shops does. */
const inMemory = { BROKEN_VARIANT: 'sessions-in-memory', SHOP_ENVIRONMENT: 'test' };

async function measure(bench: Bench, settings: Record<string, string>, file: string): Promise<Figures> {
  const [id = ''] = await bench.boxes({ count: 3, settings, warmUp });
  await bench.balance(file);
  const shoppers = await Promise.all(
    Array.from({ length: bench.quick ? 12 : 30 }, async () => {
      const shopper = bench.client();
      await shopper.register();
      return shopper;
    }),
  );
  const before = await percentUnauthorized(shoppers);
  bench.report('one box is killed');
  const after = await bench.struck(id, 'kill', async () => {
    // The balancer needs a second to notice that the box is gone. A call that fails meanwhile says nothing about a session.
    await new Promise((resolve) => setTimeout(resolve, 2500));
    return await percentUnauthorized(shoppers);
  });
  return { before, after };
}

/** Percent of the calls with a valid login that the shop answers as for a guest. */
async function percentUnauthorized(shoppers: ShopClient[]): Promise<number> {
  const calls = shoppers.flatMap((shopper) => Array.from({ length: 5 }, () => shopper.get('/api/auth/me')));
  const statuses = (await Promise.all(calls)).map(({ status }) => status);
  return (100 * statuses.filter((status) => status === 401).length) / statuses.length;
}

export default defineLab({
  title: 'Sessions',
  question: 'Where can a session be, so that any box can answer and any box can die?',
  hypothesis:
    'In the memory of a box only that box knows the shopper: two of three calls go to a stranger. Sticky cookies hide that until the box dies. In Redis all boxes know all shoppers.',
  columns: {
    before: { title: 'answered 401', unit: '%', digits: 1 },
    after: { title: 'answered 401 after one box died', unit: '%', digits: 1 },
  },
  runs: [
    { name: 'memory', measure: (bench) => measure(bench, inMemory, 'nginx/round-robin.conf') },
    { name: 'memory, sticky', measure: (bench) => measure(bench, inMemory, '08-sessions/sticky.conf') },
    { name: 'Redis', control: true, measure: (bench) => measure(bench, {}, 'nginx/round-robin.conf') },
  ],
  claims: [
    {
      says: 'percent answered 401 on three boxes with sessions in memory',
      of: ({ of }) => of('memory', 'before'),
      atLeast: 40,
    },
    {
      says: 'percent answered 401 with sticky cookies while all boxes live',
      of: ({ of }) => of('memory, sticky', 'before'),
      atMost: 0,
    },
    {
      says: 'percent answered 401 with sticky cookies after one box died',
      of: ({ of }) => of('memory, sticky', 'after'),
      atLeast: 10,
    },
    {
      says: 'percent answered 401 with sessions in Redis, before and after',
      of: ({ of }) => of('Redis', 'before') + of('Redis', 'after'),
      atMost: 0,
      control: true,
    },
  ],
  plot: 'after',
  meaning: ({ of }) =>
    `With sessions in memory ${of('memory', 'before').toFixed(0)} % of the calls by people who had logged in met a box that did not know them; stickiness cured that, until a box died and took ${of('memory, sticky', 'after').toFixed(0)} % of the logins with it. A session in a store that all boxes share survives both, and no box needs to be the right one.`,
  code: ['apps/api/src/auth/session.plugin.ts', 'apps/api/src/auth/session.store.ts', 'docs/guarantees.md'],
  tryNext: [
    'npm run lab -- 08 with count: 2: the share of strangers becomes one half',
    '`docker compose -p shop-lab kill redis-1` while it runs with --keep: sessions survive that, too, since Postgres has them',
  ],
});
