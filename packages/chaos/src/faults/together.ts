import type { Fault } from './fault.ts';

/** Several faults at the same moment; all are undone, even when striking or undoing one of them fails. */
export function together(...faults: Fault[]): Fault {
  return {
    name: faults.map(({ name }) => name).join(' and '),
    strike: () => settle(faults.map((fault) => fault.strike())),
    undo: () => settle(faults.map((fault) => fault.undo())),
  };
}

/** Waits for each of them, also when one fails: every strike must have ended before the undo begins. */
async function settle(tasks: Promise<void>[]): Promise<void> {
  const outcomes = await Promise.allSettled(tasks);
  const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
  if (failures.length > 0) throw new AggregateError(failures, failures.map(String).join('\n'));
}
