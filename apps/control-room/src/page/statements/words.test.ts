import { expect, test } from 'vitest';
import { timeOf } from '../charts/words.ts';
import { countedWords, inWords, oneLine } from './words.ts';

const statement = {
  ...{ id: 'db-1/shop_app/7', node: 'db-1', role: 'shop_app', text: 'SELECT $1' },
  ...{ calls: 1_200, rows: 1, meanMs: 0.123, share: 0.3141 },
};

test('a statement on one line has no line breaks', () => {
  expect(oneLine('\n  SELECT $1,\n\t  $2\n')).toBe('SELECT $1, $2');
});

test('a statement in words has its figures', () => {
  expect(inWords(statement)).toBe('1,200 calls of shop_app, 0.12 ms on average, 31.4 % of the time, 1 row');
});

test('the page says over which time it compares, and which node is missing', () => {
  const news = { since: 0, until: 60_000, slowest: [statement], missing: [] };
  expect(countedWords({ ...news, until: 0, slowest: [] })).toBe(
    `Counting since ${timeOf(0)}: the first figures come within ten seconds.`,
  );
  expect(countedWords({ ...news, slowest: [] })).toBe(`No program has asked Postgres since ${timeOf(0)}.`);
  expect(countedWords(news)).toContain(`since ${timeOf(0)}, the largest total time first`);
  expect(countedWords({ ...news, missing: ['db-2'] })).toMatch(/ Without db-2, which does not answer\.$/);
});
