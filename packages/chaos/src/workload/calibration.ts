import { saturate } from '@shop/load/offer.ts';
import { goodputPerSecond, type Send } from '@shop/load/samples.ts';
import { edges } from '@shop/shop-client/topology-under-test.ts';
import { untilJobsAreDone } from '../topology/jobs-done.ts';
import { Choices } from './choices.ts';
import { History } from './history.ts';
import { makeItems } from './items.ts';
import { performances } from './operations.ts';
import { Shopper } from './shopper.ts';

/**
 * The share of the peak that shoppers use. A fault causes work of its own: new connections, retries, a failover. A
 * machine that the steady rate keeps busy has no room for that, and the test would measure the machine.
 */
const shareOfPeak = 0.2;
/** A slower run would prove too little. */
const leastPerSecond = 5;
const clients = 12;
/** New processes have compiled and cached nothing. */
const warmUpSeconds = 3;
const seconds = 4;
/** Jobs of the calibration's orders must end before the first run begins. A broken build may never do them. */
const jobsMs = 30_000;

let carried: Promise<number> | undefined;

/**
 * The rate that the shop carries on this machine with room for a fault, in operations a second: a share of what twelve
 * shoppers without pauses achieve. It is measured once in a process, and printed.
 */
export function carriedPerSecond(): Promise<number> {
  carried ??= calibrate();
  return carried;
}

async function calibrate(): Promise<number> {
  const items = await makeItems(edges[0], 10);
  const choices = new Choices(1, { shoppers: clients, items: items.length, unkeyed: false });
  const shoppers = Array.from(
    { length: clients },
    (_, index) => new Shopper(`calibration-${index}`, edges[index % 2] ?? edges[0], 'retrying'),
  );
  await Promise.all(shoppers.map((shopper) => shopper.register()));
  const history = new History();
  const ask: Send = async (index) => {
    const choice = choices.next();
    const [shopper, item] = [shoppers[index % clients], items[choice.item]];
    if (!shopper || !item) throw new Error(`no such shopper or item: ${JSON.stringify(choice)}`);
    const operation = history.invoke({ kind: choice.kind, session: shopper.name });
    await performances[choice.kind]({ shopper, operation, item, choice });
    return { status: operation.status, headers: {} };
  };
  await saturate(ask, { clients, seconds: warmUpSeconds });
  const startedAt = performance.now();
  const samples = await saturate(ask, { clients, seconds });
  const peakPerSecond = goodputPerSecond(samples, startedAt, performance.now());
  await untilJobsAreDone(
    items.map(({ id }) => id),
    jobsMs,
  ).catch(({ message }: Error) => console.log(`calibration: ${message}`));
  const perSecond = Math.max(leastPerSecond, Math.round(peakPerSecond * shareOfPeak));
  console.log(
    `calibration: the shop carries ${peakPerSecond.toFixed(0)} operations a second on this machine; ` +
      `at most ${perSecond} begin a second while something is struck`,
  );
  return perSecond;
}
