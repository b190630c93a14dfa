import { checkPlot } from '@shop/report/plot.ts';
import { expect, it } from 'vitest';
import { parseMix } from './mixes.ts';
import { oneBox, plan } from './plan.ts';
import { plotsOf } from './plots.ts';

const profile = {
  provenance: 'made up',
  calls: { order: { tiersMs: { edge: 0.1, API: 2, workers: 1, Postgres: 1, Redis: 0.04 } } },
};
const load = { perSecond: 1_000, mix: parseMix('order:1'), utilisation: 0.5 };
const [price, replicas] = plotsOf(profile, load);
/** The step that has the load itself. */
const here = price!.x.findIndex((perSecond) => Math.abs(perSecond - load.perSecond) < 0.01);

it('shows from a tenth of the load to ten times as much', () => {
  checkPlot(price!);
  checkPlot(replicas!);
  expect([price!.x[0], price!.x.at(-1)]).toEqual([expect.closeTo(100), expect.closeTo(10_000)]);
});

it('has the price and the replicas of the plan at the load itself', () => {
  const needs = plan(profile, load);
  const dollars = needs.reduce((sum, need) => sum + need.dollars, 0);
  expect(price!.series[0]!.values[here]).toBeCloseTo(dollars);
  expect(price!.series[1]!.values[here]).toBeCloseTo(oneBox(profile, load).dollars);
  const ofApi = replicas!.series.find(({ label }) => label === 'API')!;
  expect(ofApi.values[here]).toBe(needs.find(({ tier }) => tier === 'API')!.replicas);
});

it('has a gap where no box is large enough', () => {
  expect(price!.series.map(({ values }) => values.at(-1))).toEqual([expect.any(Number), null]);
});
