export type ConcurrencyLimitOptions = {
  /** Never less in progress than this, however slow they are. */
  min: number;
  /** Never more, however quick they are; also where it begins. */
  max: number;
  /** While nothing at all is answered, requests wait for a store, and none need be refused: up to so many. */
  maxInSilence: number;
  /** What takes longer has waited in line. */
  tooLongMs: number;
};

/** Longer than any machine takes for one of many requests at once. */
const silenceMs = 1_000;
/** A line that is gone after so long was a store's silence being made up for; one that still stands is overload. */
const patienceMs = 2_000;
/** Until the next fall: as long as it takes to see what the last one did. */
const roundMs = 1_000;
/** After so long without a standing line there is no rush any more. */
const calmMs = 10_000;
/** Each request counts for this much in the share of those that took too long. */
const weight = 1 / 16;

/**
 * How many requests may be in progress at once, found out by how long they take: as TCP finds its window, one more for
 * each round of quick ones, fewer by as much as they take too long, at most half (additive increase, multiplicative
 * decrease, as in https://github.com/Netflix/concurrency-limits). By Little's law that is a limit on time: what is let in
 * finishes about when the slowest allowed does, on any machine, and whatever else the machine is doing.
 *
 * Only a standing line counts, as in CoDel (https://queue.acm.org/detail.cfm?id=2209336): when a store was silent for
 * two seconds every request has waited, and none need be refused for it.
 */
export class ConcurrencyLimit {
  readonly #options: ConcurrencyLimitOptions;
  #limit: number;
  #inProgress = 0;
  #leftAt = Number.NEGATIVE_INFINITY;
  #lateShare = 0;
  /** Since when most have taken too long. */
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

  /** @returns false when there is no room; else `leave` has to be called once. */
  enter(now: number): boolean {
    if (this.#inProgress === 0) this.#leftAt = now;
    const silent = now - this.#leftAt > silenceMs;
    if (this.#inProgress >= (silent ? this.#options.maxInSilence : Math.floor(this.#limit))) return false;
    this.#inProgress += 1;
    return true;
  }

  /** @param counts whether how long it took says something: not when the client went away. */
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
      // A limit that is not reached has not been tried.
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
