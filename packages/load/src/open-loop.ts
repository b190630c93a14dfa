import { setTimeout as sleep, setImmediate as yieldToOthers } from 'node:timers/promises';

export type OpenLoopOptions = {
  perSecond: number;
  /** Begins one operation. @param index counts the operations from 0. It must not reject. */
  begin: (index: number) => Promise<unknown>;
  /** Ends the loop; operations that have begun are still awaited. */
  signal: AbortSignal;
};

/**
 * Begins operations at a steady rate, whether earlier ones have ended or not. A slow system does not slow the load
 * down, so a stall delays each operation that should have begun during it.
 *
 * @returns when the signal was aborted and every operation that had begun has ended.
 */
export async function openLoop({ perSecond, begin, signal }: OpenLoopOptions): Promise<void> {
  const open = new Set<Promise<unknown>>();
  const startedAt = performance.now();
  for (let index = 0; !signal.aborted; index += 1) {
    const operation = begin(index).finally(() => open.delete(operation));
    open.add(operation);
    // Times count from the start of the loop, not from the last operation: so a late timer does not lower the rate.
    const waitMs = startedAt + ((index + 1) / perSecond) * 1000 - performance.now();
    // A loop that is late uses no timer: each timer costs a millisecond, and far more on a busy processor.
    if (waitMs > 0) await sleep(waitMs, undefined, { signal }).catch(() => {});
    else await yieldToOthers();
  }
  await Promise.all(open);
}
