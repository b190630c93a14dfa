import { setTimeout as sleep, setImmediate as yieldToOthers } from 'node:timers/promises';

/** Operations a second: always the same, or by the seconds since the loop began. It must be above zero. */
export type Rate = number | ((second: number) => number);

export type OpenLoopOptions = {
  perSecond: Rate;
  /** Begins one operation. @param index counts the operations from 0. It must not reject. */
  begin: (index: number) => Promise<unknown>;
  /** Ends the loop; operations that have begun are still awaited. */
  signal: AbortSignal;
};

/**
 * The moments at which the operations of a rate are due, in milliseconds since the loop began. Each pause is as long as the
 * rate at its beginning says.
 */
export function* dueTimes(perSecond: Rate): Generator<number, never> {
  const rateAt = typeof perSecond === 'number' ? () => perSecond : perSecond;
  for (let dueMs = 0; ; dueMs += 1000 / rateAt(dueMs / 1000)) yield dueMs;
}

/**
 * Begins operations at a rate, whether earlier ones have ended or not. A slow system does not slow the load
 * down, so a stall delays each operation that should have begun during it.
 *
 * @returns when the signal was aborted and every operation that had begun has ended.
 */
export async function openLoop({ perSecond, begin, signal }: OpenLoopOptions): Promise<void> {
  const open = new Set<Promise<unknown>>();
  const startedAt = performance.now();
  const due = dueTimes(perSecond);
  due.next();
  for (let index = 0; !signal.aborted; index += 1) {
    const operation = begin(index).finally(() => open.delete(operation));
    open.add(operation);
    // Times count from the start of the loop, not from the last operation: so a late timer does not lower the rate.
    const waitMs = startedAt + due.next().value - performance.now();
    // A loop that is late uses no timer: each timer costs a millisecond, and far more on a busy processor.
    if (waitMs > 0) await sleep(waitMs, undefined, { signal }).catch(() => {});
    else await yieldToOthers();
  }
  await Promise.all(open);
}
