import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { scenarios } from './scenarios.ts';
import { allTargets } from './targets.ts';

const strikes = scenarios.flatMap((scenario) => scenario.strikes.map((strike) => ({ scenario, ...strike })));

test.each(['kill', 'pause', 'cut'])('every kind of container is struck by %s, alone', (fault) => {
  const alone = strikes.filter((strike) => strike.fault === fault && strike.targets.length === 1);
  expect(new Set(alone.flatMap(({ targets }) => targets))).toEqual(new Set(allTargets));
});

test('what may fail is nothing that a single container can do', () => {
  const excused = strikes.filter(({ scenario }) => scenario.mayFail);
  expect(excused.map(({ fault }) => fault)).toEqual(['power cut']);
});

test('each scenario is a test of its own, and names differ', () => {
  for (const { name } of scenarios) expect(existsSync(`tests/chaos/${name}.spec.ts`), name).toBe(true);
  expect(new Set(scenarios.map(({ name }) => name)).size).toBe(scenarios.length);
});
