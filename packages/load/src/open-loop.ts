import { setTimeout as sleep } from 'node:timers/promises';

export type OpenLoopOptions = {
  perSecond: number;
  /** Begins one operation. @param index counts the operations from 0. It must not reject. */
  begin: (index: number) => Promise<unknown>;
  /** Ends the loop; what has begun is still waited for. */
  signal: AbortSignal;
};

/**
 * Begins operations at a steady rate, whether earlier ones have ended or not: a slow system does not slow the load down,
 * so each operation that should have begun during a stall feels it.
 *
 * @returns when the signal was aborted and every operation that had begun has ended.
 */
export async function openLoop({ perSecond, begin, signal }: OpenLoopOptions): Promise<void> {
  const open = new Set<Promise<unknown>>();
  const startedAt = performance.now();
  for (let index = 0; !signal.aborted; index += 1) {
    const operation = begin(index).finally(() => open.delete(operation));
    open.add(operation);
    // From the start of the loop, not from the operation before: a late timer is made up for.
    const dueAt = startedAt + ((index + 1) / perSecond) * 1000;
    await sleep(Math.max(0, dueAt - performance.now()), undefined, { signal }).catch(() => {});
  }
  await Promise.all(open);
}
