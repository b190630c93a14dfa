import { ActionableError } from '@shop/command/actionable-error.ts';
import type { Mix } from './mixes.ts';
import { type Box, boxWith, dollarsAMonth, priceList } from './prices.ts';
import type { Profile } from './profile.ts';
import { fixed, type Tier, tiers, writes } from './tiers.ts';

export type Load = {
  perSecond: number;
  mix: Mix;
  /** The share of a processor that may be busy at the peak, such as 0.6: the rest is for bursts and a lost replica. */
  utilisation: number;
};

/** What a tier needs. `box` is undefined when the tier cannot carry the load, on any box of the list. */
export type Need = {
  tier: string;
  /** Processors that the load keeps busy. */
  cores: number;
  replicas: number;
  box: Box | undefined;
  dollars: number;
};

/** Milliseconds of processor time that one call of the mix costs a tier, on average. */
export function msACall(profile: Profile, mix: Mix, tier: Tier): number {
  let sum = 0;
  for (const [call, share] of Object.entries(mix)) {
    const figures = profile.calls[call];
    if (!figures) {
      const known = Object.keys(profile.calls).join('; ');
      throw new ActionableError(`The profile has no call "${call}".`, `It has ${known}.`);
    }
    const counts = tier.calls === undefined || (tier.calls === 'writes') === writes.has(call);
    // A call that costs a tier nothing can measure a little less than nothing.
    if (counts) sum += share * Math.max(0, figures.tiersMs[tier.spends] ?? 0);
  }
  return sum;
}

/** What each tier needs for a load, and the tiers beside them whose number the load does not change. */
export function plan(profile: Profile, { perSecond, mix, utilisation }: Load): Need[] {
  const needed = tiers.map((tier) => {
    const cores = (perSecond * msACall(profile, mix, tier)) / 1_000;
    return needOf(tier, cores, cores / utilisation);
  });
  // A standby has to be able to take over.
  const primary = needed.find(({ tier }) => tier === 'Postgres, primary')!;
  const replicas = needed.find(({ tier }) => tier === 'Postgres, replicas')!;
  if (primary.box && replicas.box && replicas.box.vcpus < primary.box.vcpus) {
    const count = Math.max(replicas.replicas, 2);
    Object.assign(replicas, {
      box: primary.box,
      replicas: count,
      dollars: dollarsAMonth(primary.box, count),
    });
  }
  const smallest = priceList.boxes[0]!;
  const others = fixed.map(({ name, replicas: count }) => ({
    ...{ tier: name, cores: 0, replicas: count, box: smallest, dollars: dollarsAMonth(smallest, count) },
  }));
  return [...needed, ...others];
}

/** @param reserved processors, with those that are to stay free. */
function needOf({ name, scalesOut, least, coresAReplica }: Tier, cores: number, reserved: number): Need {
  if (!scalesOut) {
    const box = reserved <= coresAReplica ? boxWith(reserved) : undefined;
    return { tier: name, cores, replicas: least, box, dollars: box ? dollarsAMonth(box, least) : 0 };
  }
  const replicas = Math.max(least, Math.ceil(reserved / coresAReplica));
  const box = boxWith(Math.min(coresAReplica, reserved / replicas));
  return { tier: name, cores, replicas, box, dollars: box ? dollarsAMonth(box, replicas) : 0 };
}

/** A tier and the calls a second of this mix at which its processors are as busy as they may be. */
export type Limit = { tier: string; perSecond: number };

/**
 * The limit of each tier, the lowest first.
 *
 * @param scaledOut without the tiers that more replicas help; otherwise with as many as compose starts, one processor
 *   each.
 */
export function limits(
  profile: Profile,
  { mix, utilisation }: Omit<Load, 'perSecond'>,
  { scaledOut }: { scaledOut: boolean },
): Limit[] {
  return tiers
    .filter(({ scalesOut }) => !(scaledOut && scalesOut))
    .map((tier) => {
      const cores = scaledOut ? tier.coresAReplica : tier.scalesOut ? tier.today : 1;
      return { tier: tier.name, perSecond: (cores * utilisation * 1_000) / msACall(profile, mix, tier) };
    })
    .sort((a, b) => a.perSecond - b.perSecond);
}

/** The other way: one box with everything in it, which no second one replaces. */
export function oneBox(profile: Profile, { perSecond, mix, utilisation }: Load): Need {
  const cores = tiers.reduce((sum, tier) => sum + (perSecond * msACall(profile, mix, tier)) / 1_000, 0);
  const box = boxWith(cores / utilisation);
  return { tier: 'one box', cores, replicas: 1, box, dollars: box ? dollarsAMonth(box, 1) : 0 };
}
