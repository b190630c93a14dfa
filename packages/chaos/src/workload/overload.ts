import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { offer, saturate } from '@shop/load/offer.ts';
import { goodputPerSecond, quantileMs, type Sample, type Send } from '@shop/load/samples.ts';
import { ShopClient } from '@shop/shop-client/shop-client.ts';
import { edges } from '@shop/shop-client/topology-under-test.ts';
import { Agent } from 'undici';
import { type Item, makeItems } from './items.ts';

/** How many times what it carries the shop is offered. */
const factor = 5;
/** In one line at each: as many as keep every replica and the database busy, and fewer than are refused. */
const clientsAtPeak = 32;
/** After so long without a crowd everything has to be as it was. */
const recoveryMs = 2_000;

export type Overload = {
  items: Item[];
  peakPerSecond: number;
  peakMedianMs: number;
  offeredPerSecond: number;
  seconds: number;
  goodputPerSecond: number;
  /** What part of all the machine's processors the clients took, 0 to 1: a real shop's machines do not carry its clients. */
  clientsShare: { peak: number; rush: number };
  accepted: Sample[];
  refused: Sample[];
  /** Neither accepted nor refused as the contract says: 5xx, no answer, a refusal without `Retry-After`. */
  other: Sample[];
  recovered: Sample[];
  /** Every order that was answered 201 in the whole experiment. */
  acknowledged: number;
};

/**
 * Finds out how many orders a second the shop carries, offers it five times as many for `seconds`, and looks again two
 * seconds later. Both edges, thirty products, forty customers.
 */
export async function overload(seconds: number): Promise<Overload> {
  const items = await makeItems(edges[0], 30, 1_000_000);
  const send = await orderAtRandom(items);
  // Compilers and caches of fresh processes.
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
    // The first second is the crowd's arrival.
    goodputPerSecond: goodputPerSecond(rush, rushAt + 1_000, rushOver),
    clientsShare: { peak: peakShare, rush: rushShare },
    accepted: rush.filter(isMade),
    refused: rush.filter(isRefused),
    // At the peak no request need be refused.
    other: [
      ...peak.filter((sample) => !isMade(sample)),
      ...rush.filter((sample) => !isMade(sample) && !isRefused(sample)),
    ],
    recovered,
    acknowledged: [...warmUp, ...peak, ...rush, ...recovered].filter(isMade).length,
  };
}

/** Starts to measure what part of the machine's processors this process takes; the answer's function says it. */
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
  // More than are in progress at once, so that nothing waits here instead of there.
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
