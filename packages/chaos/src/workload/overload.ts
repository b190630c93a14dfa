import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { offer, saturate } from '@shop/load/offer.ts';
import { goodputPerSecond, quantileMs, type Sample, type Send } from '@shop/load/samples.ts';
import { ShopClient } from '@shop/shop-client/shop-client.ts';
import { edges } from '@shop/shop-client/topology-under-test.ts';
import { Agent } from 'undici';
import { type Item, makeItems } from './items.ts';

/** How many times its capacity the shop is offered. */
const factor = 5;
/** Closed-loop clients at each edge: enough to keep every replica and the database busy, and too few to be refused. */
const clientsAtPeak = 32;
/** So long after the overload everything must be as before. */
const recoveryMs = 2_000;

export type Overload = {
  items: Item[];
  peakPerSecond: number;
  peakMedianMs: number;
  offeredPerSecond: number;
  seconds: number;
  goodputPerSecond: number;
  /** The share of all the machine's processors that the clients took, 0 to 1: in production, clients run elsewhere. */
  clientsShare: { peak: number; rush: number };
  accepted: Sample[];
  refused: Sample[];
  /**
   * Answers that are neither accepted nor refused as the contract says: 5xx, no answer, a refusal without
   * `Retry-After`.
   */
  other: Sample[];
  recovered: Sample[];
  /** Every order that was answered 201 in the whole experiment. */
  acknowledged: number;
};

/**
 * Measures how many orders a second the shop carries, offers five times as many for `seconds`, and measures again two
 * seconds later. Both edges, thirty products, forty customers.
 */
export async function overload(seconds: number): Promise<Overload> {
  const items = await makeItems(edges[0], 30, 1_000_000);
  const send = await orderAtRandom(items);
  // New processes compile and fill their caches.
  const warmUp = await saturate(send, { clients: clientsAtPeak, seconds: 3 });
  const endPeak = measureOwnShare();
  const startedAt = performance.now();
  const peakSeconds = Math.max(6, seconds / 4);
  const peak = await saturate(send, { clients: clientsAtPeak, seconds: peakSeconds });
  const peakShare = endPeak();
  const peakPerSecond = goodputPerSecond(peak, startedAt, startedAt + peakSeconds * 1000);

  const offeredPerSecond = peakPerSecond * factor;
  const endRush = measureOwnShare();
  const rushAt = performance.now();
  const rushOver = rushAt + seconds * 1000;
  const later = sleep(seconds * 1000 + recoveryMs).then(() => saturate(send, { clients: 1, seconds: 3 }));
  const rush = await offer(send, { perSecond: offeredPerSecond, seconds });
  const rushShare = endRush();
  const recovered = await later;

  const isMade = ({ status }: Sample) => status === 201;
  const isRefused = ({ status, retryAfter }: Sample) => status === 429 && Number(retryAfter) >= 1;
  return {
    items,
    peakPerSecond,
    peakMedianMs: quantileMs(peak, 0.5),
    offeredPerSecond,
    seconds,
    // Without the first second, in which the overload begins.
    goodputPerSecond: goodputPerSecond(rush, rushAt + 1_000, rushOver),
    clientsShare: { peak: peakShare, rush: rushShare },
    accepted: rush.filter(isMade),
    refused: rush.filter(isRefused),
    // At the peak no request needs to be refused.
    other: [
      ...peak.filter((sample) => !isMade(sample)),
      ...rush.filter((sample) => !isMade(sample) && !isRefused(sample)),
    ],
    recovered,
    acknowledged: [...warmUp, ...peak, ...rush, ...recovered].filter(isMade).length,
  };
}

/**
 * Starts to measure which share of the machine's processors this process takes; the returned function gives the result.
 */
function measureOwnShare(): () => number {
  const before = process.cpuUsage();
  const startedAt = performance.now();
  return () => {
    const { user, system } = process.cpuUsage(before);
    const tookMs = performance.now() - startedAt;
    return (user + system) / 1000 / tookMs / availableParallelism();
  };
}

async function orderAtRandom(items: Item[]): Promise<Send> {
  // More connections than requests in progress, so that requests wait at the shop and not here.
  const agent = new Agent({ connections: 900, headersTimeout: 30_000, bodyTimeout: 30_000 });
  const clients: ShopClient[] = [];
  for (let index = 0; index < 40; index += 1) {
    const client = new ShopClient(edges[index % 2]!, agent);
    await client.register();
    clients.push(client);
  }
  return (index) => {
    const item = items[Math.floor(Math.random() * items.length)]!;
    const body = { items: [{ productId: item.id, quantity: 1 }] };
    return clients[index % clients.length]!.post('/api/orders', { key: randomUUID(), body });
  };
}
