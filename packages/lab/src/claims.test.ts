import { expect, test } from 'vitest';
import { judge, resultsOf } from './claims.ts';
import type { Claim } from './lab.ts';

const results = resultsOf(
  new Map([
    ['one box', { rate: 100 }],
    ['three boxes', { rate: 270 }],
  ]),
);
const efficiency = (bounds: Partial<Claim>): Claim => ({
  says: 'three boxes carry three times as much',
  of: ({ of }) => of('three boxes', 'rate') / (3 * of('one box', 'rate')),
  ...bounds,
});
const holds = (claim: Claim, quick = false) => judge({ claims: [claim] }, results, quick)[0]?.holds;

test('a claim holds at its bound and fails beyond it', () => {
  expect(holds(efficiency({ atLeast: 0.9 }))).toBe(true);
  expect(holds(efficiency({ atLeast: 0.91 }))).toBe(false);
  expect(holds(efficiency({ atMost: 0.9 }))).toBe(true);
  expect(holds(efficiency({ atMost: 0.89 }))).toBe(false);
});

test('the quick form has its own bound', () => {
  const claim = efficiency({ atLeast: { quick: 0.8, full: 0.95 } });
  expect(holds(claim, true)).toBe(true);
  expect(holds(claim, false)).toBe(false);
});

test('a figure that is no number keeps no bound', () => {
  expect(holds({ ...efficiency({ atMost: 1 }), of: () => 0 / 0 })).toBe(false);
});

test('a claim that could not fail is refused', () => {
  expect(() => holds(efficiency({}))).toThrow('has no bound');
  const unknown = { ...efficiency({ atMost: 1 }), of: () => results.of('two boxes', 'rate') };
  expect(() => holds(unknown)).toThrow('run "two boxes" has no figure "rate"');
});

test('a claim of the full form alone is not judged in the quick one', () => {
  const claim = efficiency({ atLeast: 0.95, fullOnly: true });
  expect(judge({ claims: [claim] }, results, true)).toEqual([]);
  expect(judge({ claims: [claim] }, results, false)).toMatchObject([{ holds: false }]);
});
