import type { Operation } from '@shop/chaos/workload/history.ts';
import type { Failover } from '../../shared/shoppers.ts';

/** A fault of the timeline, in milliseconds since the epoch. */
export type Fault = { id: number; name: string; at: number };

/** An answer that takes longer is slow. */
const slowMs = 1_000;
/** A disturbance that begins later after a fault has another cause. */
const causedWithinMs = 15_000;
/** So long without a disturbed operation, and the failover is over. */
const quietMs = 3_000;
/** Of the newest faults. */
const kept = 50;

type Felt = { fault: Fault; from?: number; until: number };

/**
 * How long the shoppers feel each fault: from the first operation after it that failed, was repeated or took longer
 * than a second, until the last such operation has ended. Three seconds without one end it. An operation that was in
 * progress at the strike counts from the strike on. Uploads wait for a job and logins make four calls, so they may be
 * slow.
 */
export class Failovers {
  #felt: Felt[] = [];

  struck(fault: Fault): void {
    this.#felt = [...this.#felt, { fault, until: fault.at }].slice(-kept);
  }

  ended(operation: Operation): void {
    const { outcome, retries, startedAt, endedAt } = operation;
    if (outcome !== 'ok' || retries > 0 || isSlow(operation, endedAt)) this.#disturbed(startedAt, endedAt);
  }

  /** @param open the operations in progress at `now`. */
  at(now: number, open: Iterable<Operation> = []): Failover[] {
    for (const operation of open) {
      if (operation.retries > 0 || isSlow(operation, now)) this.#disturbed(operation.startedAt, now);
    }
    return this.#felt.map(({ fault, from, until }) => ({
      faultId: fault.id,
      fault: fault.name,
      ...(from !== undefined && { lengthMs: until - from }),
      running: from !== undefined && fault === this.#felt.at(-1)?.fault && now < until + quietMs,
    }));
  }

  /** Belongs to the newest fault that had struck before it ended. */
  #disturbed(startedAt: number, endedAt: number): void {
    const felt = this.#felt.findLast(({ fault }) => fault.at <= endedAt);
    if (!felt) return;
    const begin = Math.max(startedAt, felt.fault.at);
    const latest = felt.from === undefined ? felt.fault.at + causedWithinMs : felt.until + quietMs;
    if (begin > latest) return;
    felt.from = Math.min(felt.from ?? begin, begin);
    felt.until = Math.max(felt.until, endedAt);
  }
}

const isSlow = ({ kind, startedAt }: Operation, endedAt: number) =>
  kind !== 'upload' && kind !== 'login' && endedAt - startedAt > slowMs;
