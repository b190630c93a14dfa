import { expect, test } from 'vitest';
import { historyOf, ordered } from './made-up.ts';
import { nothingFailed } from './nothing-failed.ts';

const calls = (count: number) => Array.from({ length: count }, () => ({ kind: 'product' as const }));

test('passes when all is well around the fault', () => {
  expect(nothingFailed(historyOf([...calls(9), ordered('o1')], 500, 4))).toMatchObject({ operations: 10 });
});

test.each([
  ['a failed operation', historyOf([ordered('o1'), { kind: 'who', outcome: 'failed', status: 503 }], 50, 1)],
  ['an operation without an answer', historyOf([ordered('o1'), { kind: 'who', outcome: 'unknown' }], 50, 1)],
  ['too little around the fault', historyOf([ordered('o1')], 50, 1)],
  ['no order around the fault', historyOf(calls(5), 50, 1)],
  ['a run without a fault', historyOf([...calls(5), ordered('o1')], undefined, 1)],
  ['a run without a rate', historyOf([...calls(5), ordered('o1')], 50)],
])('objects to %s', (_, history) => {
  expect(() => nothingFailed(history, 2)).toThrow(/operation|no order|no fault|no rate/);
});
