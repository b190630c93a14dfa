import { expect, test } from 'vitest';
import { allTargets } from '../topology/targets.ts';
import { scenarios } from './scenarios.ts';

const strikes = scenarios.flatMap((scenario) => scenario.strikes.map((strike) => ({ scenario, ...strike })));

test.each(['kill', 'pause', 'cut'])('every kind of container is struck by %s, alone', (fault) => {
  const alone = strikes.filter((strike) => strike.fault === fault && strike.targets.length === 1);
  expect(new Set(alone.flatMap(({ targets }) => targets))).toEqual(new Set(allTargets));
});

test('only faults of several containers may fail operations', () => {
  const excused = strikes.filter(({ scenario }) => scenario.mayFail);
  expect(excused.map(({ fault }) => fault)).toEqual(['power cut']);
});

test('names differ', () => {
  expect(new Set(scenarios.map(({ name }) => name)).size).toBe(scenarios.length);
});
