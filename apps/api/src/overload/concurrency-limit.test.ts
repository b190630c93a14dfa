import { describe, expect, test } from 'vitest';
import { ConcurrencyLimit } from './concurrency-limit.ts';

const limitOf = () => new ConcurrencyLimit({ min: 4, max: 40, maxInSilence: 60, tooLongMs: 100 });

/**
 * A machine that carries `perSecond` requests a second, one after the other, and is offered more than enough for
 * `seconds`. @returns how long each that was let in took, in milliseconds.
 */
function rush(limit: ConcurrencyLimit, { perSecond, seconds }: { perSecond: number; seconds: number }) {
  const line: number[] = [];
  const tookMs: number[] = [];
  for (let now = 0; now < seconds * 1000; now += 1000 / perSecond) {
    while (limit.enter(now)) line.push(now);
    const startedAt = line.shift();
    if (startedAt === undefined) continue;
    limit.leave(startedAt, now);
    tookMs.push(now - startedAt);
  }
  for (const startedAt of line) limit.leave(startedAt, seconds * 1000, false);
  return tookMs;
}

describe('how many requests may be in progress', () => {
  test('settles where requests finish in time, on a slow machine and on a quick one', () => {
    for (const perSecond of [80, 160, 320]) {
      const limit = limitOf();
      const took = rush(limit, { perSecond, seconds: 20 }).slice(perSecond * 10);
      expect(Math.max(...took), `at ${perSecond} a second`).toBeLessThan(200);
      // Never so few that the machine has nothing to do.
      expect(took.length).toBeGreaterThan(perSecond * 9.9);
      expect(limit.inProgress).toBe(0);
    }
  });

  test('is back at the maximum some seconds after an overload', () => {
    const limit = limitOf();
    rush(limit, { perSecond: 50, seconds: 20 });
    expect(limit.limit).toBeLessThan(12);
    for (let now = 20_000; now < 32_000; now += 100) {
      limit.enter(now);
      limit.leave(now, now + 5);
    }
    expect(limit.limit).toBe(40);
  });

  test('does not fall after a store was silent, if the queue is soon gone', () => {
    const limit = limitOf();
    for (let index = 0; index < 40; index += 1) expect(limit.enter(0)).toBe(true);
    for (let index = 0; index < 40; index += 1) limit.leave(0, 2_500 + index * 25);
    expect(limit.limit).toBe(40);
  });

  test('is higher only while no request is answered', () => {
    const limit = limitOf();
    for (let index = 0; index < 40; index += 1) expect(limit.enter(0)).toBe(true);
    expect(limit.enter(900)).toBe(false);
    for (let index = 40; index < 60; index += 1) expect(limit.enter(1_100)).toBe(true);
    expect(limit.enter(1_100)).toBe(false);
    limit.leave(0, 1_200);
    expect(limit.enter(1_300)).toBe(false);
  });

  test('falls although a few quick requests finish among many that wait', () => {
    const limit = limitOf();
    for (let now = 0; now < 10_000; now += 20) {
      limit.enter(now);
      limit.leave(now % 100 === 0 ? now - 1 : now - 1_000, now);
    }
    expect(limit.limit).toBeLessThan(20);
  });

  test('never falls below the minimum', () => {
    const limit = limitOf();
    for (let now = 0; now < 100_000; now += 200) {
      limit.enter(now);
      limit.leave(now, now + 500);
    }
    expect(limit.limit).toBe(4);
  });

  test('ignores the times of clients that disconnected', () => {
    const limit = limitOf();
    for (let now = 0; now < 20_000; now += 200) {
      limit.enter(now);
      limit.leave(now, now + 5_000, false);
    }
    expect(limit.limit).toBe(40);
  });
});
