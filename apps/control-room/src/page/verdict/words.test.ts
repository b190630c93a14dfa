import { expect, test } from 'vitest';
import type { Tally } from '../../shared/shoppers.ts';
import { headline, minutes, progress, seconds } from './words.ts';

const zero: Tally = {
  operations: 9,
  failed: 0,
  retries: 0,
  acknowledged: 2,
  compared: 2,
  lost: 0,
  doubled: 0,
  staleReads: 0,
  lostLogins: 0,
};
const news = (over: Partial<Tally>) => ({
  state: 'shopping' as const,
  shape: { perSecond: 10, mix: 'usual' as const },
  verdict: { tally: { ...zero, ...over }, counterexamples: [], failovers: [] },
});

test.each([
  [{ operations: 0 }, 'No shoppers yet'],
  [{}, 'Every promise is kept'],
  [{ failed: 1 }, 'No data is lost, but operations failed'],
  [{ failed: 1, lost: 1 }, 'A promise is broken'],
  [{ lostLogins: 1 }, 'A promise is broken'],
])('with %o the headline is: %s', (over, words) => {
  expect(headline(news(over))).toBe(words);
});

test('the progress says the rate, and why the shoppers have stopped', () => {
  expect(progress(news({}))).toBe('10 operations a second.');
  expect(progress({ ...news({}), state: 'stopped', why: 'no page was open' })).toBe(
    'They have stopped: no page was open.',
  );
});

test('times are in minutes or in tenths of a second', () => {
  expect([0, 999, 65_000, 3_600_000].map(minutes)).toEqual(['0:00', '0:00', '1:05', '60:00']);
  expect(seconds(4_321)).toBe('4.3');
});
