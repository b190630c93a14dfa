import { setTimeout as sleep } from 'node:timers/promises';
import { container, listContainers, start } from '@shop/docker/engine-api.ts';
import type { Bench } from '@shop/lab/bench.ts';
import { defineLab, type Figures, type Results, type Run } from '@shop/lab/lab.ts';
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

/** How long a fault lasts before the lab looks: a lost connection to a store is noticed at once. */
const faultMs = (service: string) => (/^(shop|balancer)/.test(service) ? noticedMs : 500);

/** What a shopper can do, by the column that shows it. Each says whether it worked. */
const abilities: Record<string, (shopper: Shopper, stage: Stage) => Promise<boolean>> = {
  browse: (shopper) => shopper.browse(),
  signIn: (_, stage) => new Shopper(stage).signIn(),
  session: (shopper) => shopper.isSignedIn(),
  cart: (shopper) => shopper.fillCart(),
  seeOrder: (shopper) => shopper.seesOrder(),
  order: (shopper) => shopper.order(),
  confirmed: async (shopper) => (await shopper.order()) && (await shopper.isConfirmed()),
  upload: (shopper) => shopper.upload(),
  picture: (shopper) => shopper.seesPicture(),
};

/** The stage that runs; the runs of a stage follow each other. */
let current: Stage | undefined;

/** What works, as 1, and what does not, as 0. An ability works if it does so twice in a row. */
async function tryAll(stage: Stage, shopper: Shopper): Promise<Figures> {
  const figures: Figures = {};
  for (const [ability, works] of Object.entries(abilities)) {
    figures[ability] = (await works(shopper, stage)) && (await works(shopper, stage)) ? 1 : 0;
  }
  return { ...figures, lost: Object.values(figures).filter((works) => works === 0).length };
}

/** Stops one box of a service, or none, and tries what a shopper can do meanwhile and what is left afterwards. */
async function measure(bench: Bench, stage: Stage, service?: string): Promise<Figures> {
  if (current !== stage) await startStage(stage, bench.report);
  current = stage;
  const shopper = await Shopper.inside(stage, bench.signal);
  if (!service) return { ...(await tryAll(stage, shopper)), ...(await whatIsLeft(shopper)) };
  const [box] = await listContainers(stageTopology(stage).project, service);
  if (!box) throw new Error(`${stage} has no box of ${service}`);
  bench.report(`${box.name} is killed`);
  await container(box.id).kill();
  await sleep(faultMs(service), undefined, { signal: bench.signal });
  const figures = await tryAll(stage, shopper);
  await start(box.id);
  bench.report(`${box.name} comes back`);
  await Shopper.inside(stage, bench.signal);
  return { ...figures, ...(await whatIsLeft(shopper)) };
}

/** Whether the session, the order and the picture of a shopper outlived the fault, and whether the order is confirmed now. */
async function whatIsLeft(shopper: Shopper): Promise<Figures> {
  const session = await shopper.isSignedIn();
  await shopper.signIn();
  return {
    sessionAfter: Number(session),
    orderAfter: Number(await shopper.findsOrder()),
    confirmedAfter: Number(await shopper.isConfirmed()),
    pictureAfter: Number(await shopper.seesPicture()),
  };
}

/** The services that are struck: the second balancer is like the first. */
const struckOf = (stage: Stage) => stages[stage].filter((service) => service !== 'balancer-2');
const nameOf = (stage: Stage, service?: string) => `${stage}: ${service ?? 'nothing'}`;
/** The quick form has the first stage, the first with two boxes, and the last. */
const quickStages: Stage[] = ['1-one-box', '4-balancer', '6-specialised'];
const otherStages = allStages.filter((stage) => !quickStages.includes(stage));

const runsOfStage = (stage: Stage): Run[] => {
  const fullOnly = !quickStages.includes(stage);
  return [
    { name: nameOf(stage), control: true, fullOnly, measure: (bench) => measure(bench, stage) },
    ...struckOf(stage).map(
      (service): Run => ({
        name: nameOf(stage, service),
        fullOnly,
        measure: (bench) => measure(bench, stage, service),
      }),
    ),
  ];
};

/** How many abilities each of a stage's services takes with it. */
const lostIn = ({ of }: Results, stage: Stage) =>
  struckOf(stage).map((service) => of(nameOf(stage, service), 'lost'));
/** How many of its services alone take something from a shopper. */
const pointsOf = (results: Results, stage: Stage) => lostIn(results, stage).filter((lost) => lost > 0).length;
/** Percent of what a shopper can do that the stop of one service takes away, on average. */
const meanLoss = (results: Results, stage: Stage) => {
  const lost = lostIn(results, stage);
  const sum = lost.reduce((all, one) => all + one, 0);
  return (100 * sum) / (lost.length * Object.keys(abilities).length);
};

export default defineLab({
  title: 'Single points of failure',
  question: 'Which service can stop at each stage of growth, and what can a shopper no longer do then?',
  hypothesis:
    'One box takes everything with it. Each service that leaves it is one more that can stop alone, but takes less with it. Only a second one of the same kind takes nothing.',
  cleanUp: async () => {
    current = undefined;
    await removeStages();
  },
  columns: {
    browse: { title: 'browse' },
    signIn: { title: 'sign in' },
    session: { title: 'keep the session' },
    cart: { title: 'fill the cart' },
    order: { title: 'order' },
    confirmed: { title: 'order is confirmed' },
    seeOrder: { title: 'see an order' },
    upload: { title: 'upload a picture' },
    picture: { title: 'see a picture' },
    lost: { title: 'what stops' },
    sessionAfter: { title: 'session kept' },
    orderAfter: { title: 'order kept' },
    confirmedAfter: { title: 'order confirmed at last' },
    pictureAfter: { title: 'picture kept' },
  },
  runs: allStages.flatMap(runsOfStage),
  claims: [
    {
      says: 'percent of what a shopper can do that stops with a service, on average: one box ÷ specialised',
      of: (results) => meanLoss(results, '1-one-box') / meanLoss(results, '6-specialised'),
      atLeast: 3,
    },
    {
      says: 'single points of failure, specialised − one box',
      of: (results) => pointsOf(results, '6-specialised') - pointsOf(results, '1-one-box'),
      atLeast: 2,
    },
    {
      says: 'of nine things that a shopper can do, those that stop with the one box',
      of: ({ of }) => of(nameOf('1-one-box', 'shop'), 'lost'),
      atLeast: 9,
    },
    {
      says: 'those that stop with one of two boxes of the app',
      of: ({ of }) => of(nameOf('4-balancer', 'shop'), 'lost'),
      atMost: 0,
    },
    {
      says: 'those that stop with the only balancer',
      of: ({ of }) => of(nameOf('4-balancer', 'balancer'), 'lost'),
      atLeast: 9,
    },
    {
      says: 'those that stop with one of two balancers',
      of: ({ of }) => of(nameOf('6-specialised', 'balancer-1'), 'lost'),
      atMost: 0,
    },
    {
      says: 'sessions that outlive a restart of the app, in Redis − in memory',
      of: ({ of }) =>
        of(nameOf('4-balancer', 'shop'), 'sessionAfter') - of(nameOf('1-one-box', 'shop'), 'sessionAfter'),
      atLeast: 1,
    },
    {
      says: 'orders confirmed at last, after a stop of the worker − after a stop of the queue',
      of: ({ of }) =>
        of(nameOf('6-specialised', 'worker'), 'confirmedAfter') -
        of(nameOf('6-specialised', 'queue'), 'confirmedAfter'),
      atLeast: 1,
    },
    {
      says: 'what a shopper cannot do while nothing is stopped, in the stages of the quick form',
      of: ({ of }) => quickStages.reduce((sum, stage) => sum + of(nameOf(stage), 'lost'), 0),
      atMost: 0,
      control: true,
    },
    {
      says: 'the same in the other stages',
      of: ({ of }) => otherStages.reduce((sum, stage) => sum + of(nameOf(stage), 'lost'), 0),
      atMost: 0,
      control: true,
      fullOnly: true,
    },
  ],
  plot: 'lost',
  meaning: (results) =>
    `The one box took ${meanLoss(results, '1-one-box').toFixed(0)} % of what a shopper can do with it. At the last stage one service took ${meanLoss(results, '6-specialised').toFixed(0)} % on average, but ${pointsOf(results, '6-specialised')} of ${struckOf('6-specialised').length} services took something alone, where there had been one. Only a second box of the same kind takes nothing, and an app can have one as soon as it keeps nothing itself; the shop has a second database, Redis and storage, too.`,
  code: [
    'labs/stages/',
    'docker-compose.yml',
    'docs/guarantees.md',
    'packages/chaos/src/topology/targets.ts',
  ],
  tryNext: [
    '`docker compose -f labs/stages/4-balancer.yml up` starts a stage by itself, at http://127.0.0.1:22020/products; kill what you like',
    '`npm run chaos -- --list`: the same question for the shop itself, each container struck under load',
  ],
});
