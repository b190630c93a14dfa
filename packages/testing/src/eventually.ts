import pRetry from 'p-retry';

/**
 * Repeats `check` until it passes; after `deadlineMs` it throws the last failure. For effects without a signal to wait
 * for.
 */
export async function eventually<T>(deadlineMs: number, check: () => T | Promise<T>): Promise<T> {
  return await pRetry(async () => await check(), {
    retries: Number.POSITIVE_INFINITY,
    minTimeout: 50,
    factor: 1,
    maxRetryTime: deadlineMs,
  });
}
