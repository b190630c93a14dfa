import { expect, test } from 'vitest';
import { costOf, medianCost } from './call-cost.ts';

const run = {
  calls: 10,
  seconds: 2,
  medianMs: 7,
  elapsedMs: 1000,
  processorMs: { api: 100, db: 60, other: 500 },
};
const tierOf = (service: string) => ({ api: 'API', db: 'Postgres' })[service];

test('a cost is by call and tier, without the idle use and without services that are not counted', () => {
  const idle = new Map([
    ['api', 0.01],
    ['other', 0.4],
  ]);
  expect(costOf(run, idle, tierOf)).toEqual({
    tiersMs: { API: 9, Postgres: 6 },
    totalMs: 15,
    perSecond: 5,
    medianMs: 7,
  });
});

test('services of one tier are summed', () => {
  expect(costOf(run, new Map(), () => 'all').tiersMs).toEqual({ all: 66 });
});

test('the median of the rounds is taken of each figure alone', () => {
  const round = (totalMs: number, perSecond: number) => ({
    ...{ totalMs, perSecond, medianMs: 1 },
    tiersMs: { API: totalMs },
  });
  const cost = medianCost([round(1, 30), round(3, 10), round(2, 20)]);
  expect(cost).toEqual({ totalMs: 2, perSecond: 20, medianMs: 1, tiersMs: { API: 2 } });
});
