import { expect, test } from 'vitest';
import { historyOf, ordered } from '../checkers/made-up.ts';
import { figuresOf, timelineOf } from './figures.ts';

test('a fault counts what was in progress from its strike until it was recovered from', () => {
  const history = historyOf([
    { kind: 'product', startedAt: 0, endedAt: 90 },
    { kind: 'product', startedAt: 80, endedAt: 150 },
    { ...ordered('o1'), startedAt: 120, endedAt: 2_120, retries: 2 },
    { kind: 'who', startedAt: 300, endedAt: 350, outcome: 'failed' },
    { kind: 'who', startedAt: 500, endedAt: 550 },
  ]);
  const lost = history.operations.filter(({ order }) => order);
  const figures = figuresOf(history, { what: 'kill api', at: 100, until: 400 }, { lost, doubled: [] });
  expect(figures).toEqual({
    fault: 'kill api',
    tried: 3,
    failed: 1,
    retried: 1,
    lost: 1,
    doubled: 0,
    latenciesMs: [50, 70, 2_000],
  });
});

test('the timeline counts answers and errors when they came, and says what struck', () => {
  const history = historyOf([]);
  const at = (ms: number) => history.startedAt + ms;
  const made = [
    { kind: 'product' as const, startedAt: at(0), endedAt: at(100) },
    { kind: 'who' as const, startedAt: at(900), endedAt: at(1_200), outcome: 'failed' as const },
  ];
  history.operations.push(...historyOf(made).operations);
  history.faults.push({ what: 'kill api', at: at(1_100) });
  const [first, second] = timelineOf(history);
  expect(first).toMatchObject({ perSecond: 1, p50Ms: 100, errorsPerSecond: 0, faults: [] });
  expect(second).toMatchObject({ perSecond: 1, p99Ms: 300, errorsPerSecond: 1, faults: ['kill api'] });
});
