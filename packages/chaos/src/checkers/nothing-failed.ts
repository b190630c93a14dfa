import type { History } from '../workload/history.ts';
import { type Counts, looked, Objection } from './objection.ts';

const promise = 'no operation fails';

/** The seconds of load in the four seconds around a fault: less than all, because a rate is only met on average. */
const usualSecondsOfLoad = 2.5;

/** Every operation succeeded, and enough operations were in progress around each fault to prove something. */
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
 * A run counts only if enough operations were in progress between one second before and three seconds after each fault
 * struck: as many as its rate brings in `secondsOfLoad`, and at least one order.
 *
 * @returns the number around the fault that had the fewest.
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
