import { describe, expect, it } from 'vitest';
import { parseMix } from './mixes.ts';
import { limits, msACall, oneBox, plan } from './plan.ts';
import { largestBox } from './prices.ts';
import { tiers } from './tiers.ts';

/** Round figures, to be calculated by hand. */
const profile = {
  provenance: 'made up',
  calls: {
    order: { tiersMs: { edge: 0.1, API: 2, workers: 1, Postgres: 4, Redis: 0.5, HAProxy: -0.01 } },
    'list, cached': { tiersMs: { edge: 0.1, API: 0.5, Postgres: 0.2, cache: 0.1 } },
  },
};
const mix = parseMix('order:10;list, cached:90');
const tier = (name: string) => tiers.find((one) => one.name === name)!;
const needs = (perSecond: number) =>
  new Map(plan(profile, { perSecond, mix, utilisation: 0.5 }).map((need) => [need.tier, need]));

describe('msACall', () => {
  it('weighs each call by its share', () => {
    expect(msACall(profile, mix, tier('API'))).toBeCloseTo(0.1 * 2 + 0.9 * 0.5);
  });

  it('counts orders at the primary and reads at the replicas', () => {
    expect(msACall(profile, mix, tier('Postgres, primary'))).toBeCloseTo(0.4);
    expect(msACall(profile, mix, tier('Postgres, replicas'))).toBeCloseTo(0.18);
  });

  it('takes what measured less than nothing for nothing', () => {
    expect(msACall(profile, mix, tier('HAProxy'))).toBe(0);
  });

  it('refuses a call that was not measured', () => {
    expect(() => msACall(profile, parseMix('teapot:1'), tier('API'))).toThrow('no call "teapot"');
  });
});

describe('plan', () => {
  it('keeps two replicas of what may fail, however little there is to do', () => {
    expect(needs(1).get('API')).toMatchObject({ replicas: 2, box: { name: 'm7g.medium' } });
  });

  it('takes as many replicas as the processors that are to be busy and free', () => {
    // 1,000 calls of 0.65 ms keep 0.65 processors busy, which is half of 1.3; ten times as many, half of 13.
    expect(needs(1_000).get('API')).toMatchObject({ cores: expect.closeTo(0.65), replicas: 2 });
    expect(needs(10_000).get('API')).toMatchObject({ cores: expect.closeTo(6.5), replicas: 13 });
  });

  it('gives the primary a larger box, and its standbys the same', () => {
    // 10,000 × 0.4 ms = 4 processors, half of 8.
    expect(needs(10_000).get('Postgres, primary')).toMatchObject({ replicas: 1, box: { vcpus: 8 } });
    expect(needs(10_000).get('Postgres, replicas')).toMatchObject({ replicas: 2, box: { vcpus: 8 } });
  });

  it('knows no box for a primary beyond the largest, and no second thread for Redis', () => {
    const beyond = (largestBox.vcpus * 0.5 * 1_000) / 0.4 + 1;
    expect(needs(beyond).get('Postgres, primary')?.box).toBeUndefined();
    // 0.05 ms a call: half a processor at 10,000.
    expect(needs(9_999).get('Redis')?.box).toBeDefined();
    expect(needs(10_001).get('Redis')?.box).toBeUndefined();
  });

  it('counts 730 hours of each box', () => {
    expect(needs(10_000).get('API')?.dollars).toBeCloseTo(13 * 0.0408 * 730);
  });

  it('keeps the tiers that no call passes', () => {
    expect(needs(10_000).get('etcd')).toMatchObject({ replicas: 3 });
  });
});

describe('limits', () => {
  const load = { mix, utilisation: 0.5 };

  it('names the tier that gives out first with the replicas of today', () => {
    // The primary's one processor: 0.5 × 1,000 ms ÷ 0.4 ms; the API's three: 1.5 × 1,000 ms ÷ 0.65 ms.
    const [first, second] = limits(profile, load, { scaledOut: false });
    expect(first).toEqual({ tier: 'Postgres, primary', perSecond: expect.closeTo(1_250) });
    expect(second).toEqual({ tier: 'API', perSecond: expect.closeTo(2_307.7, 0) });
  });

  it('names the tier that stays when all others have been scaled out', () => {
    const [first] = limits(profile, load, { scaledOut: true });
    // The cache costs 0.09 ms a call, Redis 0.05 ms, the primary 0.4 ms of 64 processors.
    expect(first).toEqual({ tier: 'cache', perSecond: expect.closeTo(500 / 0.09) });
  });
});

describe('oneBox', () => {
  it('has all that the tiers need in one', () => {
    // Of an order 7.6 ms, of a list 0.9 ms: 1.57 ms a call.
    const need = oneBox(profile, { perSecond: 1_000, mix, utilisation: 0.5 });
    expect(need).toMatchObject({ cores: expect.closeTo(1.57), replicas: 1, box: { vcpus: 4 } });
  });
});

describe('parseMix', () => {
  it('makes shares of parts', () => {
    expect(mix).toEqual({ order: 0.1, 'list, cached': 0.9 });
    expect(Object.values(parseMix('default')).reduce((sum, share) => sum + share)).toBeCloseTo(1);
  });

  it.each(['', 'nothing', 'order', 'order:0', 'order:x', ':3'])('refuses %j', (text) => {
    expect(() => parseMix(text)).toThrow('is none of default, browse, sale');
  });
});
