import { type Mix, parseMix } from '@shop/capacity/mixes.ts';
import { msACall } from '@shop/capacity/plan.ts';
import type { Profile } from '@shop/capacity/profile.ts';
import { tiers } from '@shop/capacity/tiers.ts';
import type { Bench } from '@shop/lab/bench.ts';
import { defineLab, type Figures, type Run } from '@shop/lab/lab.ts';
import { getting } from '@shop/lab/load.ts';
import { sequenceOf } from './sequence.ts';

const boxes = 3;
const boxCpus = 0.2;
/** Enough clients that each box always has a request. */
const clients = 16 * boxes;
const api = tiers.find(({ name }) => name === 'API')!;

/** The path of each call. A search by a price that no request has named before is not in the cache. */
const paths: Record<string, (index: number) => string> = {
  whoami: () => '/api/whoami',
  list: () => '/api/products?limit=24',
  search: (index) => `/api/products?limit=4&q=tea&minPriceCents=${index}`,
};

/** Shares of the calls, as `npm run capacity -- --mix` takes them. */
const mixes: Record<string, Mix> = {
  'mostly lists': parseMix('list:7;search:1;whoami:2'),
  'mostly searches': parseMix('list:2;search:7;whoami:1'),
  'mostly whoami': parseMix('list:1;search:1;whoami:8'),
};

/** Counts the searches of the whole lab: each asks for something new. */
let searches = 0;

const send = (bench: Bench, mix: Mix) => {
  const calls = sequenceOf(mix, 20);
  return getting(bench.origin, (index) => {
    const call = calls[index % calls.length]!;
    return paths[call]!(call === 'search' ? searches++ : index);
  });
};

/** Each call alone and the mix take turns, so that a compiler that is still at work does not favour the last one. */
const rounds = 3;

type Sums = { usedMs: number; answered: number; failed: number; seconds: number };

/** Adds one slice of load to the sums of its kind. */
async function slice(bench: Bench, mix: Mix, sums: Sums): Promise<void> {
  const seconds = bench.seconds / rounds;
  sums.usedMs += await bench.cpuMs(['api'], async () => {
    const { total, failed } = await bench.load(send(bench, mix), { clients, seconds });
    sums.answered += total;
    sums.failed += failed;
    sums.seconds += seconds;
  });
}

/** The price of each call, measured alone (the profile of `npm run bench:profile`, of one tier), and what the mix came to. */
async function priced(bench: Bench, mix: Mix): Promise<{ profile: Profile; mixed: Sums }> {
  const none = (): Sums => ({ usedMs: 0, answered: 0, failed: 0, seconds: 0 });
  const alone = Object.fromEntries(Object.keys(paths).map((call) => [call, none()]));
  const mixed = none();
  for (let round = 1; round <= rounds; round += 1) {
    bench.report(`round ${round} of ${rounds}: each call alone, then the mix`);
    for (const [call, sums] of Object.entries(alone)) await slice(bench, { [call]: 1 }, sums);
    await slice(bench, mix, mixed);
  }
  const calls = Object.entries(alone).map(([call, { usedMs, answered }]) => [
    call,
    { tiersMs: { [api.spends]: usedMs / answered } },
  ]);
  return { profile: { provenance: 'this lab', calls: Object.fromEntries(calls) }, mixed };
}

/** The rate at which the boxes have nothing left, if a request costs them this. */
const limitOf = (costMs: number) => (boxes * boxCpus * 1_000) / costMs;
const percentOff = (predicted: number, measured: number) => (100 * Math.abs(predicted - measured)) / measured;

/** For a prediction that counts requests and does not price them: all calls cost what a list costs. */
function alike({ provenance, calls }: Profile): Profile {
  return { provenance, calls: Object.fromEntries(Object.keys(calls).map((call) => [call, calls.list!])) };
}

async function measure(bench: Bench, mix: Mix, read: (profile: Profile) => Profile): Promise<Figures> {
  await bench.boxes({ count: boxes, cpus: boxCpus, warmUp: paths.list!(0), answers: 5_000 });
  await bench.balance('nginx/least-connections.conf');
  const { profile, mixed } = await priced(bench, mix);
  const predictedMs = msACall(read(profile), mix, api);
  const costMs = mixed.usedMs / mixed.answered;
  return {
    ...{ predictedMs, costMs, error: percentOff(predictedMs, costMs), limit: limitOf(predictedMs) },
    ...{ perSecond: (mixed.answered - mixed.failed) / mixed.seconds, failed: mixed.failed },
  };
}

const run = (name: string): Run => ({
  name,
  measure: (bench) => measure(bench, mixes[name]!, (own) => own),
});
const names = Object.keys(mixes);
const unpriced = 'mostly searches, each counted as a list';

export default defineLab({
  title: 'Capacity',
  question: 'Can one compute how much traffic the boxes carry before the traffic comes?',
  hypothesis:
    'The processor time of a call, measured alone, adds up: the share of each call times its cost says what a request of any mix costs, and the processors divided by this say where the limit is. Counting requests says nothing.',
  columns: {
    predictedMs: { title: 'a request, predicted', unit: 'CPU-ms', digits: 2 },
    costMs: { title: 'measured', unit: 'CPU-ms', digits: 2 },
    error: { title: 'error', unit: '%', digits: 1 },
    limit: { title: 'limit, predicted', unit: '/s' },
    perSecond: { title: 'measured', unit: '/s' },
    failed: { title: 'failed' },
  },
  runs: [
    ...names.map(run),
    {
      name: unpriced,
      control: true,
      measure: (bench) => measure(bench, mixes['mostly searches']!, alike),
    },
  ],
  claims: [
    {
      says: 'largest error of the three predicted costs of a request, in percent',
      of: ({ of }) => Math.max(...names.map((name) => of(name, 'error'))),
      atMost: { quick: 25, full: 15 },
    },
    {
      // Only on a machine that gives each box all of its share.
      says: 'largest error of the three predicted limits, in percent',
      of: ({ of }) => Math.max(...names.map((name) => percentOff(of(name, 'limit'), of(name, 'perSecond')))),
      atMost: 15,
      fullOnly: true,
    },
    {
      says: 'failed requests',
      of: ({ of }) => names.reduce((sum, name) => sum + of(name, 'failed'), 0),
      atMost: 0,
    },
    {
      says: 'error of a predicted cost that counts each call alike, in percent',
      of: ({ of }) => of(unpriced, 'error'),
      atLeast: 30,
      control: true,
    },
  ],
  plot: 'perSecond',
  meaning: ({ of }) => {
    const [least, most] = [Math.min, Math.max].map((pick) => pick(...names.map((name) => of(name, 'error'))));
    return `The same three boxes carry ${names.map((name) => `${Math.round(of(name, 'perSecond'))}/s of ${name}`).join(', ')}; the prices of three single calls predicted what a request costs with errors of ${least!.toFixed(0)} to ${most!.toFixed(0)} %. \`npm run capacity\` does the same for all tiers, with the prices of docs/results/profile.md.`;
  },
  code: ['packages/capacity/src/plan.ts', 'cli/capacity.ts', 'bench/profile.ts', 'docs/results/profile.md'],
  tryNext: [
    'another mix in lab.ts: predict it from the table before you run it',
    'npm run capacity -- --rps 500 --growth 10x: which tier gives out first, and what the boxes cost a month',
  ],
});
