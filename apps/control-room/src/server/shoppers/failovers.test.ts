import type { Operation } from '@shop/chaos/workload/history.ts';
import { expect, test } from 'vitest';
import { Failovers } from './failovers.ts';

const operation = (startedAt: number, endedAt: number, over: Partial<Operation> = {}) =>
  ({ kind: 'product', outcome: 'ok', retries: 0, startedAt, endedAt, ...over }) as Operation;
const fault = { id: 7, name: 'SIGKILL shop-db-1-1', at: 10_000 };

function felt(operations: Operation[], now = 100_000, open: Operation[] = []) {
  const failovers = new Failovers();
  failovers.struck(fault);
  for (const each of operations) failovers.ended(each);
  return failovers.at(now, open)[0];
}

test('it lasts from the first disturbed operation until the last one has ended', () => {
  const operations = [
    operation(10_100, 10_150),
    operation(10_200, 14_000),
    operation(11_000, 14_500, { retries: 2 }),
    operation(14_600, 14_650),
  ];
  expect(felt(operations)).toEqual({ faultId: 7, fault: fault.name, lengthMs: 4_300, running: false });
});

test('an operation in progress at the strike counts from the strike on', () => {
  expect(felt([operation(9_000, 12_000)])).toMatchObject({ lengthMs: 2_000 });
});

test.each<[string, Operation[]]>([
  ['that all end well at once', [operation(10_100, 10_900)]],
  ['that had ended before', [operation(5_000, 9_000, { outcome: 'failed' })]],
  ['that are disturbed much later', [operation(30_000, 33_000)]],
  ['that may be slow', [operation(10_000, 14_000, { kind: 'upload' })]],
])('operations %s are no failover', (_, operations) => {
  expect(felt(operations)).toEqual({ faultId: 7, fault: fault.name, running: false });
});

test('three quiet seconds end it, and what comes later is another matter', () => {
  const operations = [operation(10_000, 12_000), operation(15_500, 17_000)];
  expect(felt(operations)).toMatchObject({ lengthMs: 2_000 });
});

test('an operation that hangs keeps it running', () => {
  const hangs = operation(10_500, 0, { outcome: 'unknown' });
  expect(felt([], 11_000, [hangs])).toEqual({ faultId: 7, fault: fault.name, running: false });
  expect(felt([], 15_000, [hangs])).toMatchObject({ lengthMs: 4_500, running: true });
});

test('each fault has the operations that ended after it', () => {
  const failovers = new Failovers();
  failovers.struck(fault);
  failovers.ended(operation(10_000, 13_000));
  failovers.struck({ id: 8, name: 'SIGKILL shop-redis-1-1', at: 20_000 });
  failovers.ended(operation(20_000, 21_500));
  expect(failovers.at(100_000)).toMatchObject([
    { faultId: 7, lengthMs: 3_000 },
    { faultId: 8, lengthMs: 1_500 },
  ]);
});
