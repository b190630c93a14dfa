import crypto from 'node:crypto';
import cookie from '@fastify/cookie';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { rememberingSigner } from './remembering-signer.ts';

const secret = 'a secret of at least thirty-two letters';
const library = new cookie.Signer(secret);

/** Counts the signatures that are computed. */
const computed = vi.spyOn(crypto, 'createHmac');
let signer: ReturnType<typeof rememberingSigner>;
beforeEach(() => {
  signer = rememberingSigner(secret);
  computed.mockClear();
});

describe('a signer that remembers', () => {
  it('signs and verifies as the library does, the first time and again', () => {
    const signed = library.sign('c.1');
    for (const _ of ['first', 'again']) {
      expect(signer.sign('c.1')).toBe(signed);
      expect(signer.unsign(signed)).toEqual({ valid: true, renew: false, value: 'c.1' });
    }
  });

  it('computes the signature of a cookie once, however often it is verified and signed', () => {
    const signed = library.sign('c.1');
    computed.mockClear();
    for (let count = 0; count < 3; count += 1) signer.unsign(signed);
    signer.sign('c.1');
    expect(computed).toHaveBeenCalledOnce();
  });

  it.each([
    ['a wrong signature', (signed: string) => `${signed.slice(0, -1)}${signed.endsWith('A') ? 'B' : 'A'}`],
    ['no signature', () => 'c.1'],
    ['an empty signature', () => 'c.1.'],
    ['as many letters, but more bytes', (signed: string) => `${signed.slice(0, -1)}é`],
    ['the signature of another value', (signed: string) => `c.2${signed.slice(3)}`],
    ['nothing', () => ''],
  ])('refuses %s of a value that it remembers', (_, wrong) => {
    const signed = signer.sign('c.1');
    expect(signer.unsign(wrong(signed))).toEqual({ valid: false, renew: false, value: null });
    // It has not taken the wrong text for the value's.
    expect(signer.unsign(signed).valid).toBe(true);
    expect(signer.sign('c.1')).toBe(signed);
  });

  it('forgets the oldest when it remembers many', () => {
    for (let index = 0; index <= 2_000; index += 1) signer.sign(`c.${index}`);
    computed.mockClear();
    signer.sign('c.2000');
    expect(computed).not.toHaveBeenCalled();
    signer.sign('c.0');
    expect(computed).toHaveBeenCalledOnce();
  });
});
