import type { Bench } from '@shop/lab/bench.ts';
import type { Sample } from '@shop/load/samples.ts';

/** The share of the boxes' processors that an easy rate takes. It overloads a slow box among them. */
const share = 0.3;
const attempts = 5;

/**
 * The rate that boxes carry with ease, computed from the cost of a request. A closed loop would find the rate of this moment,
 * and on a busy machine that changes from moment to moment; the cost of a request is steadier. The function then offers the
 * rate round robin, and lowers it as long as requests pile up.
 *
 * @param page a path of GET.
 * @param cpus the processors that all boxes together may use.
 * @throws when the boxes do not even carry a small part of it: the machine has no processor time for them.
 */
export async function findEasyRate(bench: Bench, page: string, cpus: number): Promise<number> {
  let perSecond = (share * cpus * 1000) / (await bench.costMs(page, 6));
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const { samples, failed } = await bench.offer(page, perSecond);
    if (failed === 0 && waitingAtEnd(samples) < perSecond / 5) return perSecond;
    perSecond *= 0.75;
  }
  throw new Error('requests pile up at every rate: the machine is too busy to tell strategies apart');
}

/** Calls of an open loop that were still open when the last one began. A queue that grew has many. */
export function waitingAtEnd(samples: Pick<Sample, 'startedAt' | 'endedAt'>[]): number {
  const end = Math.max(...samples.map(({ startedAt }) => startedAt));
  return samples.filter(({ endedAt }) => endedAt > end).length;
}
