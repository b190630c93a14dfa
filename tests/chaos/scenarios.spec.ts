import { expect, test } from '@playwright/test';
import { play } from '@shop/chaos/scenarios/play.ts';
import { scenarios } from '@shop/chaos/scenarios/scenarios.ts';

for (const scenario of scenarios) {
  test(`${scenario.name}: ${scenario.claim}`, async () => {
    const { verdict } = await play(scenario);
    expect(verdict.objections).toEqual([]);
  });
}
