import { setTimeout as sleep } from 'node:timers/promises';
import { dollarsAMonth, priceList } from '@shop/capacity/prices.ts';
import { container, listContainers, start } from '@shop/docker/engine-api.ts';
import { usageOf } from '@shop/docker/usage.ts';
import type { Bench } from '@shop/lab/bench.ts';
import { limitCpu } from '@shop/lab/boxes.ts';
import { defineLab, type Figures, type Run } from '@shop/lab/lab.ts';
import { quantileMs, type Send } from '@shop/load/samples.ts';
import pWaitFor from 'p-wait-for';
import { Shopper } from '../stages/shopper.ts';
import {
  allStages,
  noticedMs,
  removeStages,
  type Stage,
  stages,
  stageTopology,
  startStage,
} from '../stages/stage.ts';

/** Processors of each box while the rate is measured: so little that the boxes limit it, also on two cores. */
const cpus = 0.15;
const shoppersAtOnce = 16;
/** Far below what the smallest stage carries: a request that fails then fails for lack of an answer. */
const perSecond = 15;
/** The lab starts a killed box again after this time, sooner than an operator would. */
const downMs = 2_000;
/** The smallest box of the price list, one for each container. */
const [box] = priceList.boxes;

const containersOf = (stage: Stage, service?: string) =>
  listContainers(stageTopology(stage).project, service);

/** What shoppers do in turn: most of it is looking. */
const visit = ['browse', 'browse', 'fillCart', 'browse', 'order', 'seesOrder'] as const;

/** The shoppers of a run: each call of `send` is the next step of the next shopper. */
class Crowd {
  orders = 0;
  readonly #shoppers: Shopper[];
  readonly #signedOut = new Set<Shopper>();

  constructor(shoppers: Shopper[]) {
    this.#shoppers = shoppers;
  }

  readonly send: Send = async (index) => {
    const shopper = this.#shoppers[index % this.#shoppers.length]!;
    const step = visit[Math.floor(index / this.#shoppers.length) % visit.length]!;
    const worked = await shopper[step]();
    if (worked && step === 'order') this.orders += 1;
    if (!worked) await this.#signInAgain(shopper);
    return { status: worked ? 200 : 500, headers: {} };
  };

  async #signInAgain(shopper: Shopper): Promise<void> {
    if (!(await shopper.isSignedOut())) return;
    this.#signedOut.add(shopper);
    await shopper.signIn();
  }

  /** Percent of the shoppers who had to sign in again, or have to now. All of them are signed in afterwards. */
  async percentSignedOut(): Promise<number> {
    await Promise.all(this.#shoppers.map((shopper) => this.#signInAgain(shopper)));
    return (100 * this.#signedOut.size) / this.#shoppers.length;
  }
}

/** What the stage carries while each of its boxes has the same small share of a processor. */
async function carried(bench: Bench, stage: Stage, shoppers: Shopper[]): Promise<Figures> {
  const ids = (await containersOf(stage)).map(({ id }) => id);
  await bench.load(new Crowd(shoppers).send, { clients: shoppersAtOnce, seconds: 2 });
  await limitCpu(ids, cpus);
  try {
    const seconds = bench.quick ? 4 : 6;
    bench.report(`${shoppersAtOnce} shoppers for ${seconds} s`);
    const crowd = new Crowd(shoppers);
    const { samples } = await bench.load(crowd.send, { clients: shoppersAtOnce, seconds });
    const usages = await Promise.all(ids.map(usageOf));
    return {
      ordersPerSecond: crowd.orders / seconds,
      p50Ms: quantileMs(samples, 0.5),
      p95Ms: quantileMs(samples, 0.95),
      p99Ms: quantileMs(samples, 0.99),
      memoryMb: usages.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0) / 1e6,
      dollars: dollarsAMonth(box!, ids.length),
    };
  } finally {
    await limitCpu(ids, undefined);
  }
}

/** Offers a steady load during `fault` and a second longer. @returns the requests that failed, and the time from the first to the last. */
async function during(
  bench: Bench,
  stage: Stage,
  shoppers: Shopper[],
  fault: () => Promise<void>,
): Promise<{ failed: number; awayS: number; signedOut: number }> {
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, bench.signal]);
  const crowd = new Crowd(shoppers);
  const load = bench.load(crowd.send, { perSecond, seconds: 300, signal });
  try {
    await sleep(1_000, undefined, { signal });
    await fault();
    await Shopper.inside(stage, bench.signal);
    await sleep(1_000, undefined, { signal });
  } finally {
    over.abort();
  }
  const bad = (await load).samples.filter(({ status }) => status !== 200);
  const [first, last] = [bad[0], bad.at(-1)];
  return {
    failed: bad.length,
    awayS: first && last ? (last.endedAt - first.startedAt) / 1000 : 0,
    signedOut: await crowd.percentSignedOut(),
  };
}

async function killed(stage: Stage, service: string): Promise<void> {
  const [victim] = await containersOf(stage, service);
  if (!victim) throw new Error(`${stage} has no box of ${service}`);
  await container(victim.id).kill();
  await sleep(downMs);
  await start(victim.id);
}

/** Restarts the boxes of the app one after the other, as a deployment does: the next one when the balancer knows the last one. */
async function deployed(bench: Bench, stage: Stage): Promise<void> {
  for (const [index, { id }] of (await containersOf(stage, 'shop')).entries()) {
    if (index > 0) await sleep(noticedMs, undefined, { signal: bench.signal });
    await container(id).restart();
    const isHealthy = async () => (await container(id).inspect()).State.Health?.Status === 'healthy';
    await pWaitFor(isHealthy, { interval: 100, signal: bench.signal, timeout: { milliseconds: 60_000 } });
  }
}

async function measure(bench: Bench, stage: Stage): Promise<Figures> {
  await startStage(stage, bench.report);
  await Shopper.inside(stage, bench.signal);
  const shoppers = await Promise.all(
    Array.from({ length: shoppersAtOnce }, () => Shopper.inside(stage, bench.signal)),
  );
  const carriedFigures = await carried(bench, stage, shoppers);
  bench.report('nothing happens');
  const quiet = await during(bench, stage, shoppers, async () => {});
  bench.report('a box of the app is killed');
  const app = await during(bench, stage, shoppers, () => killed(stage, 'shop'));
  bench.report('a new version of the app is deployed');
  const deploy = await during(bench, stage, shoppers, () => deployed(bench, stage));
  const figures = {
    ...carriedFigures,
    failedQuiet: quiet.failed,
    failedApp: app.failed,
    awayApp: app.awayS,
    signedOut: app.signedOut,
    failedDeploy: deploy.failed,
  };
  // In the one box it is the box of the app.
  if (!stages[stage].includes('db')) return { ...figures, failedDb: app.failed, awayDb: app.awayS };
  bench.report('the database is killed');
  const db = await during(bench, stage, shoppers, () => killed(stage, 'db'));
  return { ...figures, failedDb: db.failed, awayDb: db.awayS };
}

const [oneBox, , , , , specialised] = allStages as [Stage, Stage, Stage, Stage, Stage, Stage];
const two: Stage = '4-balancer';

export default defineLab({
  title: 'The realistic path',
  question: 'What does each step from one box to many bring, and what does it cost?',
  hypothesis:
    'The first steps bring no speed: what was a call in the process is now one over the network. But when the app keeps nothing, there can be a second box, and from then on a dead box or a deployment costs no request. The price grows with every box.',
  cleanUp: removeStages,
  columns: {
    ordersPerSecond: { title: 'orders', unit: '/s', digits: 1 },
    p50Ms: { title: 'p50', unit: 'ms', digits: 1 },
    p95Ms: { title: 'p95', unit: 'ms', digits: 1 },
    p99Ms: { title: 'p99', unit: 'ms', digits: 1 },
    failedQuiet: { title: 'failed while nothing happens' },
    failedApp: { title: 'failed, app killed' },
    awayApp: { title: 'away then', unit: 's', digits: 1 },
    signedOut: { title: 'sessions lost', unit: '%' },
    failedDeploy: { title: 'failed, deploy' },
    failedDb: { title: 'failed, database killed' },
    awayDb: { title: 'away then', unit: 's', digits: 1 },
    memoryMb: { title: 'memory', unit: 'MB' },
    dollars: { title: 'price a month', unit: '$' },
  },
  runs: allStages.map(
    (stage): Run => ({
      name: stage,
      fullOnly: ![oneBox, two, specialised].includes(stage),
      measure: (bench) => measure(bench, stage),
    }),
  ),
  claims: [
    {
      says: 'requests that failed when a box of the app was killed, two boxes behind a balancer ÷ one box',
      of: ({ of }) => of(two, 'failedApp') / of(oneBox, 'failedApp'),
      atMost: 0.2,
    },
    {
      says: 'orders a second, two boxes behind a balancer ÷ one box with everything in it',
      of: ({ of }) => of(two, 'ordersPerSecond') / of(oneBox, 'ordersPerSecond'),
      atMost: 1.3,
    },
    {
      says: 'those of the one box',
      of: ({ of }) => of(oneBox, 'failedApp'),
      atLeast: 10,
    },
    {
      says: 'percent of the sessions that a kill of the app ended, one box − two boxes',
      of: ({ of }) => of(oneBox, 'signedOut') - of(two, 'signedOut'),
      atLeast: 90,
    },
    {
      says: 'requests that failed in a deployment, two boxes ÷ one box',
      of: ({ of }) => of(two, 'failedDeploy') / of(oneBox, 'failedDeploy'),
      atMost: 0.3,
    },
    {
      says: 'requests that failed when the database was killed, two boxes of the app',
      of: ({ of }) => of(two, 'failedDb'),
      atLeast: 5,
    },
    {
      says: 'requests that failed while nothing happened, in the stages of the quick form',
      of: ({ of }) => of(oneBox, 'failedQuiet') + of(two, 'failedQuiet') + of(specialised, 'failedQuiet'),
      atMost: 0,
      control: true,
    },
  ],
  plot: 'ordersPerSecond',
  meaning: ({ of }) =>
    `Two boxes of the app behind a balancer carried ${(of(two, 'ordersPerSecond') / of(oneBox, 'ordersPerSecond')).toFixed(1)} times the orders of the one box, at ${(of(two, 'dollars') / of(oneBox, 'dollars')).toFixed(0)} times its price, and the last stage ${(of(specialised, 'ordersPerSecond') / of(oneBox, 'ordersPerSecond')).toFixed(1)} times, at ${(of(specialised, 'dollars') / of(oneBox, 'dollars')).toFixed(0)} times its price: while one larger box is enough, it is the cheaper one (lab 01). What the others buy first is another thing: a kill of the app cost ${of(oneBox, 'failedApp').toFixed(0)} requests and ${of(oneBox, 'signedOut').toFixed(0)} % of the sessions in the one box, and ${of(two, 'failedApp').toFixed(0)} requests and ${of(two, 'signedOut').toFixed(0)} % behind a balancer.`,
  code: ['labs/stages/', 'docker-compose.yml', 'packages/capacity/src/prices.ts'],
  tryNext: [
    '`docker compose -f labs/stages/1-one-box.yml up` starts a stage by itself, at http://127.0.0.1:22020/products',
    '`npm run lab -- 20`: which service of a stage can stop, and what stops with it',
  ],
});
