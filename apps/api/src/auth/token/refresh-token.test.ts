import { describe, expect, it } from 'vitest';
import { judgeRefreshToken, newRefreshToken, refreshTokenHash, successorOf } from './refresh-token.ts';

const key = new Uint8Array(32).fill(1);
const now = new Date('2026-01-01T12:00:00Z');
const secondsAgo = (seconds: number) => new Date(now.getTime() - seconds * 1000);
const judge = (token: Partial<Parameters<typeof judgeRefreshToken>[0]>) =>
  judgeRefreshToken(
    { expiresAt: secondsAgo(-60), usedAt: null, successorUsedAt: undefined, ...token },
    { now, graceSeconds: 30 },
  );

describe('a refresh token', () => {
  it('is random, and no part of it is in its hash', () => {
    const tokens = new Set(Array.from({ length: 100 }, newRefreshToken));
    expect(tokens.size).toBe(100);
    for (const token of tokens) expect(token).toMatch(/^shop_rt_[A-Za-z0-9_-]{43}$/);
    const [token = ''] = tokens;
    expect(refreshTokenHash(token)).toMatch(/^[0-9a-f]{64}$/);
  });

  it('has one successor, which cannot be derived without the key', () => {
    const token = newRefreshToken();
    expect(successorOf(token, key)).toBe(successorOf(token, key));
    expect(successorOf(token, key)).toMatch(/^shop_rt_[A-Za-z0-9_-]{43}$/);
    expect(successorOf(token, key)).not.toBe(successorOf(token, new Uint8Array(32).fill(2)));
    expect(successorOf(token, key)).not.toBe(successorOf(newRefreshToken(), key));
  });
});

describe('a refresh token that comes in', () => {
  it('is exchanged when it is the newest, until it expires', () => {
    expect(judge({})).toBe('rotate');
    expect(judge({ expiresAt: now })).toBe('expired');
    expect(judge({ expiresAt: secondsAgo(60) })).toBe('expired');
  });

  it('is answered again within the grace, while its successor was not used', () => {
    expect(judge({ usedAt: secondsAgo(0), successorUsedAt: null })).toBe('repeat');
    expect(judge({ usedAt: secondsAgo(30), successorUsedAt: null })).toBe('repeat');
  });

  it('counts as reused after the grace', () => {
    expect(judge({ usedAt: secondsAgo(30.001), successorUsedAt: null })).toBe('reused');
  });

  it('counts as reused at once when its successor was used', () => {
    expect(judge({ usedAt: secondsAgo(1), successorUsedAt: secondsAgo(0) })).toBe('reused');
  });

  it('counts as reused when this server cannot tell its successor', () => {
    expect(judge({ usedAt: secondsAgo(1), successorUsedAt: undefined })).toBe('reused');
  });

  it('counts as reused, not as expired, when it was used and is over', () => {
    expect(judge({ usedAt: secondsAgo(100), successorUsedAt: null, expiresAt: secondsAgo(60) })).toBe(
      'reused',
    );
  });

  it('accepts a use that a concurrent call dates slightly in the future', () => {
    expect(judge({ usedAt: secondsAgo(-0.01), successorUsedAt: null })).toBe('repeat');
  });
});
