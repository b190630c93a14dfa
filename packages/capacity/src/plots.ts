import type { Plot } from '@shop/report/plot.ts';
import { type Load, type Need, oneBox, plan } from './plan.ts';
import type { Profile } from './profile.ts';
import { tiers } from './tiers.ts';

/** From a tenth of the load to ten times as much, in steps of a tenth. */
const factors = Array.from({ length: 100 }, (_, step) => (step + 1) / 10);

/** What grows with the load: the price of both ways, and the replicas of each tier that scales out. */
export function plotsOf(profile: Profile, load: Load): Plot[] {
  const x = factors.map((factor) => load.perSecond * factor);
  const plans = x.map((perSecond) => plan(profile, { ...load, perSecond }));
  const boxes = x.map((perSecond) => oneBox(profile, { ...load, perSecond }));
  const scaling = tiers.filter(({ scalesOut }) => scalesOut);
  const common = { xUnit: 'calls/s', x, marks: [{ label: 'this load', from: load.perSecond }] };
  return [
    {
      ...common,
      title: 'Price a month',
      unit: '$',
      series: [
        { label: 'tier by tier', values: plans.map((needs) => priceOf(needs)) },
        { label: 'one box with everything', values: boxes.map((need) => priceOf([need])) },
      ],
    },
    {
      ...common,
      title: 'Replicas',
      unit: 'boxes',
      series: scaling.map(({ name }) => ({
        label: name,
        values: plans.map((needs) => needs.find(({ tier }) => tier === name)!.replicas),
      })),
    },
  ];
}

/** The price of some tiers; null, which is a gap in the line, when no box is enough for one of them. */
function priceOf(needs: Need[]): number | null {
  if (needs.some(({ box }) => !box)) return null;
  return needs.reduce((sum, { dollars }) => sum + dollars, 0);
}
