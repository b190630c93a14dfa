import { describe, expect, it } from 'vitest';
import { nextExpiry } from './sliding.ts';

const life = { ttlSeconds: 7 * 86_400, maxAgeSeconds: 30 * 86_400 };
const day = 86_400_000;
const session = (ageDays: number, leftDays: number) => ({
  loggedInAt: new Date(-ageDays * day),
  expiresAt: new Date(leftDays * day),
});

describe('the expiry of a session', () => {
  it('moves to a whole life from now', () => {
    expect(nextExpiry(life, session(3, 4), 0)).toEqual(new Date(7 * day));
  });

  it('stays while less than an hour has passed', () => {
    expect(nextExpiry(life, session(0, 7 - 0.5 / 24), 0)).toBeNull();
    expect(nextExpiry(life, session(0, 7 - 1.5 / 24), 0)).toEqual(new Date(7 * day));
  });

  it('never passes the maximum age', () => {
    expect(nextExpiry(life, session(28, 1), 0)).toEqual(new Date(2 * day));
    expect(nextExpiry(life, session(28, 2), 0)).toBeNull();
  });

  it('moves within a short life, too', () => {
    const short = { ttlSeconds: 8, maxAgeSeconds: 60 };
    const at = (leftMs: number) =>
      nextExpiry(short, { loggedInAt: new Date(0), expiresAt: new Date(leftMs) }, 0);
    expect([at(7_000), at(6_000)]).toEqual([null, new Date(8_000)]);
  });
});
