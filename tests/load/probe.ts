import { setTimeout as sleep } from 'node:timers/promises';
import { quantile } from 'simple-statistics';

/** One question and what came of it, in milliseconds since the epoch. */
export type Sample = { startedAt: number; endedAt: number; error?: string };

/** Asks at a steady rate, whether what was asked before is answered or not, and repeats nothing. */
export class Probe {
  readonly #ask: (index: number) => Promise<void>;
  readonly #intervalMs: number;
  readonly #stopping = new AbortController();
  readonly #samples: Promise<Sample>[] = [];
  #running: Promise<void> | undefined;

  constructor(ask: (index: number) => Promise<void>, ratePerSecond: number) {
    this.#ask = ask;
    this.#intervalMs = 1000 / ratePerSecond;
  }

  start(): void {
    this.#running = this.#loop();
  }

  /** @returns all samples, once the last question is answered. */
  async stop(): Promise<Sample[]> {
    this.#stopping.abort();
    await this.#running;
    return await Promise.all(this.#samples);
  }

  async #loop(): Promise<void> {
    let next = Date.now();
    for (let index = 0; !this.#stopping.signal.aborted; index += 1) {
      this.#samples.push(this.#sample(index));
      next += this.#intervalMs;
      await sleep(Math.max(0, next - Date.now()));
    }
  }

  async #sample(index: number): Promise<Sample> {
    const startedAt = Date.now();
    const error = await this.#ask(index).then(() => undefined, String);
    return { startedAt, endedAt: Date.now(), ...(error && { error }) };
  }
}

/** The longest time in which nobody was answered well: its length, and when it ended. */
export function longestStall(samples: Sample[]): { lengthMs: number; endedAt: number } {
  const answeredAt = samples
    .flatMap(({ endedAt, error }) => (error ? [] : [endedAt]))
    .toSorted((a, b) => a - b);
  let longest = { lengthMs: 0, endedAt: 0 };
  for (const [index, endedAt] of answeredAt.slice(1).entries()) {
    const lengthMs = endedAt - answeredAt[index]!;
    if (lengthMs > longest.lengthMs) longest = { lengthMs, endedAt };
  }
  return longest;
}

/** How long the answers took that came within this share of them. */
export function latencyMs(samples: Sample[], share: number): number {
  return quantile(
    samples.map(({ startedAt, endedAt }) => endedAt - startedAt),
    share,
  );
}
