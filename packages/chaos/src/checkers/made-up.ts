import { History, type Operation, type OperationKind } from '../workload/history.ts';

/** A handmade history, for tests of checkers: times in milliseconds of one run. */
export function historyOf(
  operations: (Partial<Operation> & { kind: OperationKind })[],
  faultAt?: number,
  ratePerSecond = 0,
): History {
  const history = new History(undefined, ratePerSecond);
  for (const [index, operation] of operations.entries()) {
    const startedAt = operation.startedAt ?? index * 100;
    history.operations.push({
      id: index + 1,
      session: 'shopper-1',
      startedAt,
      endedAt: startedAt + 50,
      outcome: 'ok',
      status: 200,
      replica: 'a',
      edge: 'http://edge-1',
      attempts: 1,
      retries: 0,
      ...operation,
    });
  }
  if (faultAt !== undefined) history.faults.push({ what: 'kill api', at: faultAt });
  return history;
}

export const item = { id: 'p1', slug: 'chaos-1', initialStock: 100 };

export const ordered = (id: string, over: Partial<Operation> = {}) => ({
  kind: 'order' as const,
  order: { id, productId: 'p1', quantity: 2, key: `key-of-${id}` },
  ...over,
});
