import { type Usage, usageOf } from '@shop/docker/usage.ts';
import type { Use } from '../snapshot.ts';

type Reading = Usage & { at: number };

/** Reads what containers use. Between two readings, the processor time tells how many cores a container has used. */
export class UsageMeter {
  #before = new Map<string, Reading>();

  /**
   * @param ids of containers that run. One that has ended meanwhile is not in the result.
   */
  async read(ids: string[]): Promise<Map<string, Use>> {
    const readings = await Promise.all(
      ids.map(async (id): Promise<[string, Reading] | undefined> => {
        const usage = await usageOf(id).catch(() => undefined);
        return usage && [id, { ...usage, at: performance.now() }];
      }),
    );
    const now = new Map(readings.filter((reading) => reading !== undefined));
    const uses = new Map([...now].map(([id, reading]) => [id, useBetween(this.#before.get(id), reading)]));
    this.#before = now;
    return uses;
  }
}

/** @param before `undefined` when this is the first reading. `at` is in milliseconds. */
export function useBetween(before: Reading | undefined, now: Reading): Use {
  const { memoryBytes } = now;
  // Started again in between: its processor time began at zero.
  if (!before || now.processorMs < before.processorMs || now.at <= before.at) return { memoryBytes };
  return { cores: (now.processorMs - before.processorMs) / (now.at - before.at), memoryBytes };
}
