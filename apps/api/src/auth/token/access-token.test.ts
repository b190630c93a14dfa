import { createHmac } from 'node:crypto';
import { decodeJwt, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { ProblemError } from '../../problem-error.ts';
import { signAccessToken, verifyAccessToken } from './access-token.ts';

const { publicKey, privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519' });
const other = await generateKeyPair('EdDSA', { crv: 'Ed25519' });
const kid = 'key-1';
const findKey = async (asked: string) => (asked === kid ? publicKey : undefined);
const customer = { id: '019a0000-0000-7000-8000-000000000001', role: 'customer' } as const;

const good = () => signAccessToken({ kid, privateKey }, customer, 300);
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const codeOf = async (token: string) => {
  const error = await verifyAccessToken(token, findKey).then(
    () => null,
    (reason: unknown) => reason,
  );
  return error instanceof ProblemError ? error.code : error;
};
const header = { alg: 'EdDSA', kid, typ: 'at+jwt' };
/** The claims of a good token, changed, and signed as a good one is. */
const withClaims = async (change: Record<string, unknown>, key = privateKey) =>
  await new SignJWT({ ...decodeJwt(await good()), ...change }).setProtectedHeader(header).sign(key);

describe('an access token', () => {
  it('names the customer', async () => {
    expect(await verifyAccessToken(await good(), findKey)).toEqual(customer);
  });

  it('lives as long as its given lifetime', async () => {
    const { iat = 0, exp = 0 } = decodeJwt(await good());
    expect(exp - iat).toBe(300);
  });

  it('expires', async () => {
    const past = Math.floor(Date.now() / 1000) - 1;
    expect(await codeOf(await withClaims({ exp: past }))).toBe('access-token-expired');
  });

  it.each([
    ['another audience', { aud: 'another-shop' }],
    ['another issuer', { iss: 'another-shop' }],
    ['no end', { exp: undefined }],
    ['no subject', { sub: undefined }],
    ['no role', { role: undefined }],
  ])('with %s is refused', async (_case, change) => {
    expect(await codeOf(await withClaims(change))).toBe('access-token-invalid');
  });

  it('of another key is refused, whatever its header says', async () => {
    expect(await codeOf(await withClaims({}, other.privateKey))).toBe('access-token-invalid');
    const expired = await withClaims({ exp: 1 }, other.privateKey);
    expect(await codeOf(expired)).toBe('access-token-invalid');
  });

  it('of an unknown key, or of none, is refused', async () => {
    for (const unknown of [
      { ...header, kid: 'key-2' },
      { alg: 'EdDSA', typ: 'at+jwt' },
    ]) {
      const token = await new SignJWT(decodeJwt(await good())).setProtectedHeader(unknown).sign(privateKey);
      expect(await codeOf(token)).toBe('access-token-invalid');
    }
  });

  it('whose claims were changed is refused', async () => {
    const [head, , signature] = (await good()).split('.');
    const admin = { ...decodeJwt(await good()), role: 'admin' };
    expect(await codeOf(`${head}.${part(admin)}.${signature}`)).toBe('access-token-invalid');
  });

  it('without a signature is refused', async () => {
    const [, claims] = (await good()).split('.');
    for (const alg of ['none', 'None', 'NONE']) {
      expect(await codeOf(`${part({ ...header, alg })}.${claims}.`)).toBe('access-token-invalid');
    }
  });

  it('signed with the public key as a shared secret is refused', async () => {
    const [, claims] = (await good()).split('.');
    const signed = `${part({ ...header, alg: 'HS256' })}.${claims}`;
    const { x = '' } = await exportJWK(publicKey);
    const signature = createHmac('sha256', Buffer.from(x, 'base64url')).update(signed).digest('base64url');
    expect(await codeOf(`${signed}.${signature}`)).toBe('access-token-invalid');
  });

  it('of another kind is refused', async () => {
    const token = await new SignJWT(decodeJwt(await good()))
      .setProtectedHeader({ ...header, typ: 'JWT' })
      .sign(privateKey);
    expect(await codeOf(token)).toBe('access-token-invalid');
  });

  it.each(['', 'a', 'a.b', 'a.b.c', 'ä.ö.ü', 'x'.repeat(8_000)])(
    'that is no JWT is refused: %s',
    async (token) => {
      expect(await codeOf(token)).toBe('access-token-invalid');
    },
  );

  it('is not called invalid when the keys cannot be read', async () => {
    const away = new Error('Postgres does not answer');
    await expect(verifyAccessToken(await good(), () => Promise.reject(away))).rejects.toBe(away);
  });
});
