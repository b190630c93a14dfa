import { setTimeout as sleep } from 'node:timers/promises';
import { quantile } from 'simple-statistics';
import type { Reply } from '../client/shop-client.ts';

/** One call and what came of it; `status` 0 is no answer at all. */
export type Sample = {
  startedAt: number;
  endedAt: number;
  tookMs: number;
  status: number;
  retryAfter: string;
};

export type Send = (index: number) => Promise<Reply>;

/** So many clients that each send the next call when the last is answered: they find out what the shop carries. */
export async function saturate(
  send: Send,
  { clients, seconds }: { clients: number; seconds: number },
): Promise<Sample[]> {
  const samples: Sample[] = [];
  const endAt = performance.now() + seconds * 1000;
  let index = 0;
  const client = async () => {
    while (performance.now() < endAt) {
      index += 1;
      samples.push(await sample(send, index));
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  return samples;
}

/** So many calls a second, whatever becomes of the ones before: a crowd does not slow down because the shop does. */
export async function offer(
  send: Send,
  { perSecond, seconds }: { perSecond: number; seconds: number },
): Promise<Sample[]> {
  const calls: Promise<Sample>[] = [];
  const startedAt = performance.now();
  while (performance.now() - startedAt < seconds * 1000) {
    const due = Math.min(perSecond * seconds, ((performance.now() - startedAt) / 1000) * perSecond);
    while (calls.length < due) calls.push(sample(send, calls.length));
    // Finer than the clients of one moment can be told apart.
    await sleep(5);
  }
  return await Promise.all(calls);
}

async function sample(send: Send, index: number): Promise<Sample> {
  const startedAt = performance.now();
  const { status, retryAfter } = await send(index).then(
    (reply) => ({ status: reply.status, retryAfter: String(reply.headers['retry-after'] ?? '') }),
    () => ({ status: 0, retryAfter: '' }),
  );
  const endedAt = performance.now();
  return { startedAt, endedAt, tookMs: endedAt - startedAt, status, retryAfter };
}

/** How many of the samples ended well in each second of a span of time, on the average. */
export function goodputPerSecond(samples: Sample[], from: number, to: number): number {
  const good = samples.filter(
    ({ status, endedAt }) => status < 300 && status > 0 && endedAt >= from && endedAt < to,
  );
  return (good.length / (to - from)) * 1000;
}

/** The duration that this share of the samples stayed under. */
export function quantileMs(samples: Sample[], share: number): number {
  return quantile(
    samples.map(({ tookMs }) => tookMs),
    share,
  );
}
