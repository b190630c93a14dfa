import { setTimeout as sleep } from 'node:timers/promises';
import type { Decision } from '@shop/autoscaler/autoscaler.ts';
import { defaultBehavior } from '@shop/autoscaler/behavior.ts';
import type { Bench } from '@shop/lab/bench.ts';
import { defineLab, type Figures } from '@shop/lab/lab.ts';
import { idsOf } from '@shop/lab/services.ts';
import type { Answer, Send } from '@shop/load/samples.ts';
import pWaitFor from 'p-wait-for';
import { type Box, followBoxes } from './boxes.ts';
import { day, doubling } from './curve.ts';
import { figuresOf, type Observed } from './figures.ts';

/** A page of 24 products from the API's cache: nearly all of its cost is at the box. */
const page = '/api/products?limit=24';
const boxCpus = 0.2;
/** Boxes of the fixed large form, and the most that the autoscaler may start. */
const large = 3;
/** What the load takes of one box before it doubles: one box carries it, and does not carry twice as much. */
const firstShare = 0.85;
/** What each box should use: 80 % of its processor, as with `averageUtilization: 80` of Kubernetes. */
const targetCpus = 0.16;
/** Kubernetes waits five minutes until it takes boxes away, and Prometheus has the figures of 15 s; here all is quicker. */
const pace = { intervalMs: 1000, stabilizationSeconds: 6 };
const wayInTimeoutMs = 120_000;
/** Until Prometheus' two newest figures are both of this load, and not of the warm-up before it. */
const firstFiguresMs = 5_000;

/** How many boxes a run begins with, and how many the autoscaler leaves at least; without `min` the number is fixed. */
type Form = { count: number; min?: number };
/**
 * Requests a second at each second of a run of `endS` seconds. The waits are those of the last `lastS` seconds, before which
 * an autoscaled form has as much time as it needs to start its boxes.
 */
type Curve = { rate: (second: number) => number; endS: number; lastS: number };

/** What one box carries, in requests a second. The first run finds it, from the cost of a request. */
let boxPerSecond = 0;

const doubled = (quick: boolean): Curve => {
  const [holdS, riseS, endS] = quick ? [6, 6, 24] : [6, 30, 44];
  return { rate: (second) => doubling(firstShare * boxPerSecond, { holdS, riseS }, second), endS, lastS: 8 };
};
/** Two boxes are 35 % below the target: neither one nor three would be right. */
const steady: Curve = { rate: () => 0.65 * 2 * (targetCpus / boxCpus) * boxPerSecond, endS: 16, lastS: 8 };
const wholeDay: Curve = {
  rate: (second) => day(2 * firstShare * boxPerSecond, 30, second),
  endS: 30,
  lastS: 8,
};

/** The cost of a request falls as long as the boxes' compiler is at work, and a busy machine adds to it: the least counts. */
async function leastCostMs(bench: Bench, clients: number): Promise<number> {
  const costs: number[] = [];
  for (let attempt = 1; attempt <= 4; attempt += 1) costs.push(await bench.costMs(page, clients));
  return Math.min(...costs);
}

async function measure(bench: Bench, form: Form, curveOf: (quick: boolean) => Curve): Promise<Figures> {
  const { count } = form;
  await bench.boxes({ count, cpus: boxCpus, warmUp: page });
  if (boxPerSecond === 0) boxPerSecond = (boxCpus * 1000) / (await leastCostMs(bench, 4 * count));
  await bench.balance('11-autoscaling/draining.conf');
  const curve = curveOf(bench.quick);
  return figuresOf(await observe(bench, form, curve), curve.lastS);
}

/** Offers the load of a curve. Then the autoscaler finds its way back to the number of boxes with which it began. */
async function observe(bench: Bench, { count, min }: Form, { rate, endS, lastS }: Curve): Promise<Observed> {
  const ended = new AbortController();
  const signal = AbortSignal.any([ended.signal, bench.signal]);
  const together = <T>(part: Promise<T>) => part.finally(() => ended.abort());
  const observed = {
    beganAt: Date.now(),
    endAt: Number.POSITIVE_INFINITY,
    answers: [],
    decisions: [],
  } as Omit<Observed, 'boxes'>;
  const boxes: Box[] = [];
  const scaled = min !== undefined;
  const asking = bench.getting(page);
  const send: Send = async (index) => {
    const at = Date.now();
    const answer = await asking(index).catch(() => ({ status: 0, headers: {} as Answer['headers'] }));
    const box = String(answer.headers['x-served-by'] ?? '');
    observed.answers.push({ box, status: answer.status, at, tookMs: Date.now() - at });
    return answer;
  };
  /** Whether the autoscaler wants no more boxes than there are. A decision for more is the last one until these serve. */
  const serves = () =>
    observed.decisions.slice(-1).some(({ current, wanted }) => wanted <= current) &&
    boxes.every(({ limited, goneAt }) => limited || goneAt);
  const play = async () => {
    bench.report(
      `${Math.round(rate(0))} to ${Math.round(rate(endS / 2))} to ${Math.round(rate(endS))} requests/s`,
    );
    await sleep((endS - lastS) * 1000 - (scaled ? firstFiguresMs : 0), undefined, { signal });
    if (scaled) await pWaitFor(serves, { interval: 100, signal });
    await sleep(lastS * 1000, undefined, { signal });
    observed.endAt = Date.now();
    if (count !== min) return;
    await pWaitFor(async () => (await idsOf('api')).length === min, {
      ...{ interval: 250, signal },
      timeout: { milliseconds: wayInTimeoutMs, message: `the autoscaler did not come back to ${min} boxes` },
    });
    // Longer than it takes the balancer to ask the DNS again.
    await sleep(2000, undefined, { signal });
  };
  const decided = (decision: Decision) => observed.decisions.push({ ...decision, at: Date.now() });
  const scaleDown = { ...defaultBehavior.scaleDown, stabilizationSeconds: pace.stabilizationSeconds };
  const rule = { max: large, target: targetCpus, tolerance: 0.1, intervalMs: pace.intervalMs };
  const behavior = { ...defaultBehavior, scaleDown };
  const perSecond = (second: number) => (observed.endAt > Date.now() ? rate(second) : rate(0) / 2);
  const autoscaled = async (least: number) => {
    await sleep(firstFiguresMs, undefined, { signal });
    await bench.autoscaled({ ...rule, min: least, behavior, decided }, play);
  };
  await Promise.all([
    together(bench.load(send, { perSecond, seconds: 600, signal })),
    together(followBoxes(boxes, boxCpus, signal)),
    together(min === undefined ? play() : autoscaled(min)),
  ]);
  return { ...observed, boxes };
}

const fixedLarge = `${large} boxes`;
const fixedSmall = '1 box';
const baselineOfOne = 'autoscaled from 1 box';
const baselineOfTwo = 'autoscaled from 2 boxes';
const steadyLoad = 'autoscaled, steady load';
const aDay = 'autoscaled, a day';

export default defineLab({
  title: 'Autoscaling',
  question: 'What does a fleet that follows the load save, and what does a shopper wait while it grows?',
  hypothesis:
    'An autoscaler pays for boxes only while the load needs them. It is late by the time of a measurement and a cold start: the load must not outgrow the boxes in that time, or shoppers wait. A box that drains on the way in loses no request.',
  extras: ['prometheus'],
  columns: {
    p99Ms: { title: 'p99 at the end', unit: 'ms', digits: 1 },
    refused: { title: 'refused or failed', unit: '%', digits: 1 },
    paidS: { title: 'paid', unit: 'replica-seconds' },
    average: { title: 'boxes on average', digits: 2 },
    changes: { title: 'changes' },
    containerS: { title: 'cold start: container', unit: 's', digits: 1 },
    bootS: { title: 'boot', unit: 's', digits: 1 },
    foundS: { title: 'found', unit: 's', digits: 1 },
    warmUpS: { title: 'warm-up', unit: 's' },
    drained: { title: 'drained on the way in' },
    failedIn: { title: 'failed then' },
  },
  runs: [
    { name: fixedLarge, measure: (bench) => measure(bench, { count: large }, doubled) },
    {
      name: steadyLoad,
      control: true,
      measure: (bench) => measure(bench, { count: 2, min: 1 }, () => steady),
    },
    { name: fixedSmall, measure: (bench) => measure(bench, { count: 1 }, doubled) },
    { name: baselineOfOne, measure: (bench) => measure(bench, { count: 1, min: 1 }, doubled) },
    {
      name: baselineOfTwo,
      fullOnly: true,
      measure: (bench) => measure(bench, { count: 2, min: 2 }, doubled),
    },
    { name: aDay, fullOnly: true, measure: (bench) => measure(bench, { count: 1, min: 1 }, () => wholeDay) },
  ],
  claims: [
    {
      says: 'boxes paid for on average while the load doubles, autoscaled from one ÷ fixed large',
      of: ({ of }) => of(baselineOfOne, 'average') / of(fixedLarge, 'average'),
      atMost: 0.85,
    },
    {
      says: 'requests that failed while the autoscaler took boxes away',
      of: ({ of }) => (of(baselineOfOne, 'drained') > 0 ? of(baselineOfOne, 'failedIn') : Number.NaN),
      atMost: 0,
    },
    {
      says: 'changes of the number of boxes under a load that does not change',
      of: ({ of }) => of(steadyLoad, 'changes'),
      atMost: 0,
      control: true,
    },
  ],
  plot: 'average',
  meaning: ({ of }) =>
    `While the load doubled, the autoscaler paid for ${of(baselineOfOne, 'average').toFixed(1)} boxes on average where the fixed form paid for ${large}, and at the end 99 of 100 answers took at most ${Math.round(of(baselineOfOne, 'p99Ms'))} ms where one box took ${Math.round(of(fixedSmall, 'p99Ms'))} ms. Between a decision and the first request of a new box lie its container, its boot and the time in which the balancer finds it: what the load gains meanwhile, the baseline must carry.`,
  code: [
    'packages/autoscaler/src/autoscaler.ts',
    'packages/autoscaler/src/run.ts',
    'packages/docker/src/scaling.ts',
    'cli/autoscale.ts',
    'apps/api/src/main.ts',
    'deploy/chart/templates/api.yaml',
  ],
  tryNext: [
    'scrape_interval: 15s in prometheus.yml, as the shop has it: the autoscaler is half a minute late, and the peak is over before its boxes are there',
    'targetCpus = 0.19: fewer replica-seconds, and no room for the load that comes within a cold start',
    '`npm run autoscale -- --metric requests --target 20 --max 5` on the shop of `npm start`, beside `npm run control-room`',
  ],
});
