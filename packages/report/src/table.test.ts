import { expect, test } from 'vitest';
import { right, table } from './table.ts';

test('columns have one width, numbers stand to the right, and null is an empty cell', () => {
  const text = table(
    ['struck', right('stall, ms')],
    [
      ['api', 9],
      ['pgbouncer', 1200],
      ['worker', null],
    ],
  );
  expect(text).toBe(
    [
      '| struck    | stall, ms |',
      '| :-------- | --------: |',
      '| api       |         9 |',
      '| pgbouncer |      1200 |',
      '| worker    |           |',
    ].join('\n'),
  );
});

test('a bar or a line break in a cell does not end the cell', () => {
  expect(table(['error'], [['a | b\nc']]).split('\n')[2]).toBe('| a \\| b c |');
});

test('a row with a cell too many or too few is refused', () => {
  expect(() => table(['a', 'b'], [['1']])).toThrow('a row of 1 cells in a table of 2: 1');
  expect(() => table(['a'], [['1', '2']])).toThrow(RangeError);
});
