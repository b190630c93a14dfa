import { expect, test } from 'vitest';
import type { Alert, ServiceLevel } from '../../shared/service-level.ts';
import { callOf, detail, headline, leftWords, names, share, sinceWords, stateOf } from './words.ts';

const alert = (over: Partial<Alert> = {}): Alert => ({
  name: 'TierDown',
  state: 'firing',
  severity: 'page',
  summary: 'No container of api answers',
  since: 0,
  runbook: 'docs/runbooks/tier-down.md',
  ...over,
});
const level = (over: Partial<ServiceLevel> = {}): ServiceLevel => ({
  ...{ alerts: [], rules: 16, rulesWithoutResult: [], objectives: [] },
  ...over,
});

test.each([
  [undefined, 'asking', 'Asking Prometheus…'],
  ['unknown', 'unknown', 'Prometheus does not answer'],
  [level(), 'calm', 'No alert fires'],
  [level({ alerts: [alert({ state: 'pending' })] }), 'calm', 'No alert fires'],
  [level({ alerts: [alert()] }), 'alarm', '1 alert fires'],
  [level({ alerts: [alert(), alert({ name: 'OutboxStuck' })] }), 'alarm', '2 alerts fire'],
  [level({ rulesWithoutResult: ['TierDown'] }), 'unknown', 'Not every alert is watched'],
  [level({ rules: 0 }), 'unknown', 'Not every alert is watched'],
] as const)('%o is %s: %s', (seen, call, words) => {
  expect([callOf(seen), headline(seen)]).toEqual([call, words]);
});

test('what is not known is never called calm, and is said', () => {
  expect(detail('unknown')).toContain('is unknown');
  expect(detail(level({ rulesWithoutResult: ['TierDown', 'PoolWaits'] }))).toBe(
    'Prometheus has no result yet of 2 of 16 rules: TierDown, PoolWaits.',
  );
  expect(detail(level())).toBe('16 rules are watched.');
});

test('a screen reader hears the names of what fires', () => {
  expect(names([alert(), alert({ name: 'PoolWaits', severity: 'ticket' })])).toBe(
    'TierDown, page; PoolWaits, ticket',
  );
});

test.each([
  [20_000, 'less than a minute'],
  [150_000, '2 min'],
  [3_700_000, '1 h 1 min'],
])('after %i ms an alert has lasted %s', (ms, words) => {
  expect(sinceWords(alert({ since: 1_000 }), 1_000 + ms)).toMatch(
    new RegExp(`^since \\d\\d:\\d\\d, ${words}$`),
  );
});

test.each([
  [undefined, 'no traffic yet', 'none'],
  [1, '100 %', 'good'],
  [0.99999, '99.9 %', 'good'],
  [0.2, '20 %', 'low'],
  [0, '0 %', 'missed'],
  [-0.3512, '−35.2 %', 'missed'],
])('of a budget of which %s is left, the page says: %s', (left, words, state) => {
  const objective = { name: 'availability', target: 0.999, ...(left !== undefined && { left }) };
  expect([leftWords(objective), stateOf(objective)]).toEqual([words, state]);
});

test('a target has all its digits', () => {
  expect([0.99, 0.999, 0.9995].map(share)).toEqual(['99 %', '99.9 %', '99.95 %']);
});
