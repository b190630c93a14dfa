import type { Item } from '../workload/items.ts';
import { type Effects, effectsOf } from './effects-happen-once.ts';
import { looked, Objection } from './objection.ts';

const promise = 'nothing is done again without need';

/**
 * Promise 3, for what the provider and the Message-ID hide: the number of capture requests and of sent mails. It allows
 * one of each for an order, and one more for each time that its job was interrupted.
 */
export async function nothingIsRepeated(items: Item[], { interruptions = 0 } = {}): Promise<Effects[]> {
  const all = await effectsOf(items);
  judgeRepeats(all, 1 + interruptions);
  return all;
}

export function judgeRepeats(all: Effects[], most: number): void {
  const asked = all.filter(({ captureAttempts }) => captureAttempts > most);
  const mailed = all.filter(({ mailCopies }) => mailCopies > most);
  if (asked.length + mailed.length > 0) {
    throw new Objection(
      promise,
      `${asked.length} orders whose money was asked for more than ${most} times, ${mailed.length} whose mail was sent ` +
        `more often than that, such as ${JSON.stringify([asked[0], mailed[0]])}`,
    );
  }
  looked(promise, { orders: all.length });
}
