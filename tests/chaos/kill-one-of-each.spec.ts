import { expect, test } from '@playwright/test';
import { play } from './play.ts';
import { scenarioNamed } from './scenarios.ts';

const scenario = scenarioNamed('kill-one-of-each');

test(scenario.claim, async () => {
  const { verdict } = await play(scenario);
  expect(verdict.objections).toEqual([]);
});
