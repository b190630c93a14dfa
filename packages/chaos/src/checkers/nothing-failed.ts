import type { History } from '../workload/history.ts';
import { type Counts, looked, Objection } from './objection.ts';

const promise = 'no operation fails';

/** Of the four seconds around a fault: less than all, since a rate is not kept to the operation. */
const usualSecondsOfLoad = 2.5;

/** Every operation came to the end that the contract says, and enough was in progress around each fault to mean it. */
export function nothingFailed(history: History, secondsOfLoad = usualSecondsOfLoad): Counts {
  const fewest = enoughAroundFaults(history, secondsOfLoad);
  const bad = history.operations.filter(({ outcome }) => outcome !== 'ok');
  if (bad.length > 0) {
    const { length } = history.operations;
    throw new Objection(promise, `${bad.length} of ${length} operations failed`, history, bad);
  }
  return looked(promise, {
    operations: history.operations.length,
    faults: history.faults.length,
    'in progress around the fault with the fewest': fewest,
  });
}

/**
 * A run counts when at least as many operations as its rate brings in `secondsOfLoad` were in progress at some moment
 * from a second before each fault struck to three after, orders among them.
 *
 * @returns how many there were around the fault that had the fewest.
 */
export function enoughAroundFaults(history: History, secondsOfLoad = usualSecondsOfLoad): number {
  const minimum = Math.ceil(history.ratePerSecond * secondsOfLoad);
  const object = (what: string) => {
    throw new Objection('the run counts', what);
  };
  if (history.faults.length === 0) object('no fault was marked: it proves nothing');
  if (minimum === 0) object('no rate was told: nothing says what is enough');
  const numbers = history.faults.map((fault) => {
    const around = history.aroundFault(1_000, 3_000, fault);
    const orders = around.filter(({ kind }) => kind === 'order').length;
    if (around.length < minimum) {
      object(`only ${around.length} operations in progress around "${fault.what}", wanted ${minimum}`);
    }
    if (orders === 0) object(`no order in progress around "${fault.what}"`);
    return around.length;
  });
  return Math.min(...numbers);
}
