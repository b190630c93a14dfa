export type ConcurrencyLimitOptions = {
  /** The smallest limit, however slow requests are. */
  min: number;
  /** The greatest limit, however quick requests are; also the first one. */
  max: number;
  /**
   * While no request at all finishes, requests wait for a store and refusing them does not help: up to so many are
   * admitted.
   */
  maxInSilence: number;
  /** A request that takes longer has waited in a queue. */
  tooLongMs: number;
};

/** The longest that a machine takes for one of many requests at once. */
const silenceMs = 1_000;
/** A queue that is gone after so long came from a store that did not answer; a queue that still exists is overload. */
const patienceMs = 2_000;
/** The pause until the limit may fall again: as long as it takes to see the effect of the last fall. */
const roundMs = 1_000;
/** After so long without a queue the limit rises slowly again. */
const calmMs = 10_000;
/** The weight of one request in the share of requests that took too long. */
const weight = 1 / 16;

/**
 * How many requests may be in progress at once. The limit follows from how long requests take, as TCP finds its window:
 * one more for each round of quick ones, fewer in proportion to how much too long they take, at most by half (additive
 * increase, multiplicative decrease, as in https://github.com/Netflix/concurrency-limits). By Little's law a limit on
 * the number is a limit on the time: each admitted request finishes about as soon as the slowest allowed one, on any
 * machine and under any other load.
 *
 * Only a queue that lasts counts, as in CoDel (https://queue.acm.org/detail.cfm?id=2209336): after a store was silent
 * for two seconds every request has waited, and the limit need not fall for that.
 */
export class ConcurrencyLimit {
  readonly #options: ConcurrencyLimitOptions;
  #limit: number;
  #inProgress = 0;
  #leftAt = Number.NEGATIVE_INFINITY;
  #lateShare = 0;
  /** Since when most requests have taken too long. */
  #lineSince: number | undefined;
  #lineSeenAt = Number.NEGATIVE_INFINITY;

  constructor(options: ConcurrencyLimitOptions) {
    this.#options = options;
    this.#limit = options.max;
  }

  get limit(): number {
    return this.#limit;
  }

  get inProgress(): number {
    return this.#inProgress;
  }

  /** @returns false when the limit is reached; otherwise the caller must call `leave` once. */
  enter(now: number): boolean {
    if (this.#inProgress === 0) this.#leftAt = now;
    const silent = now - this.#leftAt > silenceMs;
    if (this.#inProgress >= (silent ? this.#options.maxInSilence : Math.floor(this.#limit))) return false;
    this.#inProgress += 1;
    return true;
  }

  /** @param counts false when the time says nothing, because the client disconnected. */
  leave(startedAt: number, now: number, counts = true): void {
    const wasUsed = this.#inProgress > this.#limit / 2;
    this.#inProgress -= 1;
    if (!counts) return;
    this.#leftAt = now;
    const isLate = now - startedAt > this.#options.tooLongMs;
    this.#lateShare += ((isLate ? 1 : 0) - this.#lateShare) * weight;
    if (this.#lateShare > 0.5) this.#standInLine(now - startedAt, now);
    else {
      this.#lineSince = undefined;
      if (now - this.#lineSeenAt > calmMs) this.#limit = this.#options.max;
      // The limit was not reached, so it need not rise.
      else if (wasUsed) this.#limit = Math.min(this.#options.max, this.#limit + 1 / this.#limit);
    }
  }

  #standInLine(tookMs: number, now: number): void {
    this.#lineSince ??= now;
    if (now - this.#lineSince < patienceMs) return;
    this.#lineSeenAt = now;
    this.#lineSince = now - patienceMs + roundMs;
    const share = Math.max(0.5, Math.min(0.9, this.#options.tooLongMs / tookMs));
    this.#limit = Math.max(this.#options.min, this.#limit * share);
  }
}
