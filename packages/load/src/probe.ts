import { quantile } from 'simple-statistics';
import { openLoop } from './open-loop.ts';

/** One request and its result, in milliseconds since the epoch. */
export type Timing = { startedAt: number; endedAt: number; error?: string };

/** Sends requests at a steady rate (open loop) until it is stopped, and retries none. */
export class Probe {
  readonly #ask: (index: number) => Promise<void>;
  readonly #perSecond: number;
  readonly #stopping = new AbortController();
  readonly #timings: Timing[] = [];
  #running: Promise<void> | undefined;

  constructor(ask: (index: number) => Promise<void>, perSecond: number) {
    this.#ask = ask;
    this.#perSecond = perSecond;
  }

  start(): void {
    this.#running = openLoop({
      perSecond: this.#perSecond,
      begin: (index) => this.#time(index),
      signal: this.#stopping.signal,
    });
  }

  /** @returns all timings, when the last request is answered. */
  async stop(): Promise<Timing[]> {
    this.#stopping.abort();
    await this.#running;
    return this.#timings;
  }

  async #time(index: number): Promise<void> {
    const startedAt = Date.now();
    const error = await this.#ask(index).then(() => undefined, String);
    this.#timings.push({ startedAt, endedAt: Date.now(), ...(error && { error }) });
  }
}

/** The longest time without a good answer: its length, and when it ended. */
export function longestStall(timings: Timing[]): { lengthMs: number; endedAt: number } {
  const answeredAt = timings
    .flatMap(({ endedAt, error }) => (error ? [] : [endedAt]))
    .toSorted((a, b) => a - b);
  let longest = { lengthMs: 0, endedAt: 0 };
  for (const [index, endedAt] of answeredAt.slice(1).entries()) {
    const lengthMs = endedAt - answeredAt[index]!;
    if (lengthMs > longest.lengthMs) longest = { lengthMs, endedAt };
  }
  return longest;
}

/** The duration that this share of the requests did not exceed. */
export function latencyMs(timings: Timing[], share: number): number {
  return quantile(
    timings.map(({ startedAt, endedAt }) => endedAt - startedAt),
    share,
  );
}
