import { expect, test } from 'vitest';
import { historyOf, ordered } from './made-up.ts';
import { nothingFailed } from './nothing-failed.ts';

const calls = (count: number) => Array.from({ length: count }, () => ({ kind: 'product' as const }));

test('passes when every operation succeeded around the fault', () => {
  expect(nothingFailed(historyOf([...calls(9), ordered('o1')], 500, 4))).toMatchObject({ operations: 10 });
});

const failed = { kind: 'who', outcome: 'failed', status: 503 } as const;
const unanswered = { kind: 'who', outcome: 'unknown' } as const;
test.each([
  ['a failed operation', historyOf([ordered('o1'), failed], 50, 1), /1 of 2 operations failed/],
  [
    'an operation without an answer',
    historyOf([ordered('o1'), unanswered], 50, 1),
    /1 of 2 operations failed/,
  ],
  ['too little around the fault', historyOf([ordered('o1')], 50, 1), /only 1 operations in progress/],
  ['no order around the fault', historyOf(calls(5), 50, 1), /no order in progress/],
  ['a run without a fault', historyOf([...calls(5), ordered('o1')], undefined, 1), /it proves nothing/],
  ['a run without a rate', historyOf([...calls(5), ordered('o1')], 50), /nothing says what is enough/],
])('objects to %s', (_, history, objection) => {
  expect(() => nothingFailed(history, 2)).toThrow(objection);
});
