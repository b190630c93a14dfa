import { expect, it } from 'vitest';
import { countSilence } from './silence.ts';

it('counts unanswered probes in a row', () => {
  const silenceOf = countSilence();
  expect([true, false, false, true, false].map((answered) => silenceOf('a', answered))).toEqual([
    0, 1, 2, 0, 1,
  ]);
});

it('never counts a holder that has not answered yet', () => {
  const silenceOf = countSilence();
  expect([false, false, false].map((answered) => silenceOf('a', answered))).toEqual([0, 0, 0]);
});

it('begins again with the next lease', () => {
  const silenceOf = countSilence();
  silenceOf('first lease', true);
  silenceOf('first lease', false);
  expect(silenceOf('second lease', false)).toBe(0);
});
