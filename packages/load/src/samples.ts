import { quantile } from 'simple-statistics';

/** The answer to a call; of an HTTP answer only what a load test needs. */
export type Answer = { status: number; headers: Record<string, string | string[] | undefined> };

/** Sends one call. @param index counts the calls from 0. @throws when no answer came. */
export type Send = (index: number) => Promise<Answer>;

/** One call and its result, in milliseconds of `performance.now()`; `status` 0 means no answer. */
export type Sample = {
  startedAt: number;
  endedAt: number;
  tookMs: number;
  status: number;
  retryAfter: string;
};

/** Sends one call and records the result. */
export async function sample(send: Send, index: number): Promise<Sample> {
  const startedAt = performance.now();
  const { status, retryAfter } = await send(index).then(
    (answer) => ({ status: answer.status, retryAfter: String(answer.headers['retry-after'] ?? '') }),
    () => ({ status: 0, retryAfter: '' }),
  );
  const endedAt = performance.now();
  return { startedAt, endedAt, tookMs: endedAt - startedAt, status, retryAfter };
}

/** The mean number of samples a second that ended with a 2xx between `from` and `to`. */
export function goodputPerSecond(samples: Sample[], from: number, to: number): number {
  const good = samples.filter(
    ({ status, endedAt }) => status < 300 && status > 0 && endedAt >= from && endedAt < to,
  );
  return (good.length / (to - from)) * 1000;
}

/** The duration that this share of the samples did not exceed. */
export function quantileMs(samples: Pick<Sample, 'tookMs'>[], share: number): number {
  return quantile(
    samples.map(({ tookMs }) => tookMs),
    share,
  );
}
