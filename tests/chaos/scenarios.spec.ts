import { expect, test } from '@playwright/test';
import { play } from '@shop/chaos/scenarios/play.ts';
import { scenarios } from '@shop/chaos/scenarios/scenarios.ts';

for (const scenario of scenarios) {
  const details = scenario.nightly ? { tag: '@nightly' } : {};
  test(`${scenario.name}: ${scenario.claim}`, details, async () => {
    const { verdict } = await play(scenario);
    expect(verdict.objections).toEqual([]);
  });
}
