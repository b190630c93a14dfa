import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TokenPair } from '@shop/contracts/tokens.ts';
import { customers } from '@shop/database/schema/customers.ts';
import { refreshTokens, tokenFamilies } from '@shop/database/schema/refresh-tokens.ts';
import { tokenKeys } from '@shop/database/schema/token-keys.ts';
import { eventually } from '@shop/testing/eventually.ts';
import { anEmail } from '@shop/testing/factories.ts';
import { eq, sql } from 'drizzle-orm';
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type App, buildTestApp } from '../../../testing/app.ts';
import { TestClient } from '../../../testing/client.ts';
import { makeOrder, makeProduct, type SignedUp, signUp, signUpAdmin } from '../../../testing/factories.ts';
import { loadConfig } from '../../config.ts';
import { refreshTokenHash } from './refresh-token.ts';

const life = loadConfig().tokens;
let app: App;
/** A second replica: it shares nothing with the first but the stores. */
let other: App;
beforeAll(async () => {
  app = await buildTestApp();
  other = await buildTestApp();
});
afterAll(() => Promise.all([app.close(), other.close()]));

const bearer = ({ accessToken }: Pick<TokenPair, 'accessToken'>) => ({
  authorization: `Bearer ${accessToken}`,
});
const ask = (on: App, path: string, body: object) => new TestClient(on).post(`/api/auth/token${path}`, body);
const refresh = (on: App, { refreshToken }: TokenPair) => ask(on, '/refresh', { refreshToken });
const me = (on: App, pair: TokenPair) => new TestClient(on).get('/api/auth/me', bearer(pair));

async function logIn({ user, password }: SignedUp, on = app): Promise<TokenPair> {
  const response = await ask(on, '', { email: user.email, password });
  expect(response.statusCode).toBe(200);
  return response.json();
}

/** As if this much time had passed since the token was used. */
async function usedAgo({ refreshToken }: TokenPair, seconds: number): Promise<void> {
  await app.db.primary.transaction((tx) =>
    tx
      .update(refreshTokens)
      .set({ usedAt: sql`used_at - make_interval(secs => ${seconds})` })
      .where(eq(refreshTokens.tokenHash, refreshTokenHash(refreshToken))),
  );
}

const familiesOf = async (customerId: string) => {
  const { value } = await app.db.primary.transaction((tx) =>
    tx.select().from(tokenFamilies).where(eq(tokenFamilies.customerId, customerId)),
  );
  return value;
};

describe('POST /api/auth/token', () => {
  it('answers 200 with an access token that names the customer, and starts no session', async () => {
    const one = await signUp(app);
    const client = new TestClient(app);
    const response = await client.post('/api/auth/token', {
      email: one.user.email.toUpperCase(),
      password: one.password,
    });
    expect(response.json()).toEqual({
      accessToken: expect.any(String),
      tokenType: 'Bearer',
      expiresInSeconds: life.accessTtlSeconds,
      refreshToken: expect.stringMatching(/^shop_rt_/),
      refreshExpiresInSeconds: life.refreshTtlSeconds,
    });
    expect(response.headers['cache-control']).toBe('no-store');
    expect(client.cookies.has('sid')).toBe(false);
    const { sub, role, exp = 0, iat = 0 } = decodeJwt(response.json().accessToken);
    expect({ sub, role, lives: exp - iat }).toEqual({
      sub: one.user.id,
      role: 'customer',
      lives: life.accessTtlSeconds,
    });
    expect((await me(other, response.json())).json()).toEqual(one.user);
  });

  it('answers 401 invalid-credentials for a wrong password and for an unknown e-mail', async () => {
    const { user } = await signUp(app);
    for (const email of [user.email, anEmail()]) {
      const response = await ask(app, '', { email, password: 'wrong password' });
      expect(response.json()).toMatchObject({ status: 401, code: 'invalid-credentials' });
      expect(response.headers['www-authenticate']).toBe('Bearer realm="shop"');
    }
  });

  it('shares the limit of failed logins with the login by cookie', async () => {
    const { user, password } = await signUp(app);
    const paths = ['/api/auth/token', '/api/auth/login'];
    for (let failure = 0; failure < 10; failure += 1) {
      const body = { email: user.email, password: 'wrong password' };
      expect((await new TestClient(app).post(paths[failure % 2]!, body)).statusCode).toBe(401);
    }
    for (const path of paths) {
      const response = await new TestClient(other).post(path, { email: user.email, password });
      expect(response.json()).toMatchObject({ status: 429, code: 'rate-limited' });
    }
  });

  it('refuses what is not an e-mail and a password', async () => {
    const response = await ask(app, '', { email: anEmail(), password: 'x', grantType: 'password' });
    expect(response.json()).toMatchObject({ status: 422, errors: [{ path: '/body/grantType' }] });
  });

  it('stores refresh tokens under a hash only', async () => {
    const one = await signUp(app);
    const pair = await logIn(one);
    const next: TokenPair = (await refresh(app, pair)).json();
    const [family] = await familiesOf(one.user.id);
    const { value: rows } = await app.db.primary.transaction((tx) =>
      tx.select().from(refreshTokens).where(eq(refreshTokens.familyId, family!.id)),
    );
    const hashes = [pair, next].map(({ refreshToken }) => refreshTokenHash(refreshToken));
    expect(rows.map(({ tokenHash }) => tokenHash).sort()).toEqual(hashes.sort());
    expect(JSON.stringify(rows)).not.toContain(pair.refreshToken.replace('shop_rt_', ''));
  });
});

describe('a call with an access token', () => {
  it('is the customer of the token, whatever session cookie comes along', async () => {
    const [one, two] = [await signUp(app), await signUp(app)];
    const pair = await logIn(one);
    expect((await two.client.get('/api/auth/me', bearer(pair))).json()).toEqual(one.user);
    expect((await two.client.get('/api/auth/me')).json()).toEqual(two.user);
  });

  it('is refused with a token that is not valid, also with the cookie of a session', async () => {
    const { client } = await signUp(app);
    for (const authorization of ['Bearer', 'Bearer ', 'bearer none', 'Bearer a.b.c', 'BEARER  x y']) {
      const response = await client.get('/api/auth/me', { authorization });
      expect([authorization, response.json().code]).toEqual([authorization, 'access-token-invalid']);
      expect(response.headers['www-authenticate']).toMatch(/^Bearer realm="shop", error="invalid_token"/);
    }
    expect((await client.get('/api/auth/me')).statusCode).toBe(200);
  });

  it('of another scheme is left to the session', async () => {
    const { client, user } = await signUp(app);
    const response = await client.get('/api/auth/me', { authorization: 'Basic YWRhOnB3' });
    expect(response.json()).toEqual(user);
    const guest = await new TestClient(app).get('/api/auth/me', { authorization: 'Basic YWRhOnB3' });
    expect(guest.json()).toMatchObject({ status: 401, code: 'not-authenticated' });
    expect(guest.headers['www-authenticate']).toBe('Bearer realm="shop"');
  });

  it('is refused when the token has expired, which a client can tell from one that is not valid', async () => {
    const brief = await buildTestApp({ tokens: { ...life, accessTtlSeconds: 1 } });
    const pair = await logIn(await signUp(brief), brief);
    await eventually(10_000, async () => {
      const response = await me(app, pair);
      expect(response.json()).toMatchObject({ status: 401, code: 'access-token-expired' });
      expect(response.headers['www-authenticate']).toContain('error="invalid_token"');
    });
    await brief.close();
  });

  it('orders, and its key is the one of the same customer’s session', async () => {
    const product = await makeProduct(app, { stock: 5 });
    const one = await signUp(app);
    const pair = await logIn(one);
    const client = new TestClient(app);
    const headers = { ...bearer(pair), 'idempotency-key': randomUUID() };
    const body = { items: [{ productId: product.id, quantity: 2 }] };
    const order = await client.post('/api/orders', body, headers);
    expect(order.statusCode).toBe(201);
    const replay = await one.client.post('/api/orders', body, {
      'idempotency-key': headers['idempotency-key'],
    });
    expect([replay.headers['idempotency-replayed'], replay.body]).toEqual(['true', order.body]);
    const list = await client.get('/api/orders', bearer(pair));
    expect(list.json().items).toMatchObject([{ id: order.json().id }]);
  });

  it('shares the cart with the same customer’s session', async () => {
    const product = await makeProduct(app);
    const one = await signUp(app);
    const pair = await logIn(one);
    const put = await new TestClient(app).put(`/api/cart/items/${product.id}`, { quantity: 3 }, bearer(pair));
    expect(put.statusCode).toBe(200);
    expect(put.cookies.find(({ name }) => name === 'sid')).toBeUndefined();
    expect((await one.client.get('/api/cart')).json().items).toMatchObject([{ quantity: 3 }]);
  });

  it('finds no order of another customer', async () => {
    const [one, two] = [await signUp(app), await signUp(app)];
    const order = await makeOrder(app, two.user.id, await makeProduct(app));
    const pair = await logIn(one);
    const response = await new TestClient(app).get(`/api/orders/${order.id}`, bearer(pair));
    expect(response.json()).toMatchObject({ status: 404, code: 'not-found' });
  });

  it('is checked against X-Customer-Id as a session is', async () => {
    const [one, two] = [await signUp(app), await signUp(app)];
    const pair = await logIn(one);
    const headers = { ...bearer(pair), 'idempotency-key': randomUUID(), 'x-customer-id': two.user.id };
    const response = await new TestClient(app).post('/api/orders', {}, headers);
    expect(response.json()).toMatchObject({ status: 409, code: 'session-changed' });
  });

  it('may call admin routes only when the token has the role admin', async () => {
    const path = '/api/admin/orders';
    const admin = await logIn(await signUpAdmin(app));
    expect((await new TestClient(app).get(path, bearer(admin))).statusCode).toBe(200);
    const customer = await logIn(await signUp(app));
    expect((await new TestClient(app).get(path, bearer(customer))).json().code).toBe('not-admin');
    const queues = await new TestClient(app).get('/api/admin/queues/', { authorization: 'Bearer none' });
    expect([queues.statusCode, queues.json().code]).toEqual([401, 'access-token-invalid']);
  });

  it('neither changes the answers of the catalogue nor is refused there', async () => {
    for (const path of ['/api/categories', `/api/products/${(await makeProduct(app)).id}/reviews`]) {
      const response = await new TestClient(app).get(path, { authorization: 'Bearer none' });
      expect([path, response.statusCode]).toEqual([path, 200]);
    }
  });

  it('from another site is refused as every call is', async () => {
    const pair = await logIn(await signUp(app));
    const headers = { ...bearer(pair), origin: 'https://example.org' };
    const response = await new TestClient(app).delete('/api/cart', headers);
    expect(response.json()).toMatchObject({ status: 403, code: 'cross-origin' });
  });
});

describe('POST /api/auth/token/refresh', () => {
  it('answers with a new pair, on another replica, and with the role of this moment', async () => {
    const one = await signUp(app);
    const pair = await logIn(one);
    await app.db.primary.transaction((tx) =>
      tx.update(customers).set({ role: 'admin' }).where(eq(customers.id, one.user.id)),
    );
    const response = await refresh(other, pair);
    expect(response.statusCode).toBe(200);
    const next: TokenPair = response.json();
    expect(next.refreshToken).not.toBe(pair.refreshToken);
    expect(decodeJwt(next.accessToken).role).toBe('admin');
    expect((await me(app, next)).json()).toMatchObject({ id: one.user.id, role: 'admin' });
  });

  it('gives twenty concurrent calls with one token the same successor, and the login continues with it', async () => {
    const one = await signUp(app);
    const pair = await logIn(one);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => refresh(n % 2 ? app : other, pair)),
    );
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(20).fill(200));
    const pairs: TokenPair[] = answers.map((answer) => answer.json());
    expect(new Set(pairs.map(({ refreshToken }) => refreshToken)).size).toBe(1);
    for (const { accessToken } of pairs) expect(decodeJwt(accessToken).sub).toBe(one.user.id);
    expect((await refresh(app, pairs[0]!)).statusCode).toBe(200);
  });

  it('ends the family when a token comes again after its successor was used', async () => {
    const one = await signUp(app);
    const stolen = await logIn(one);
    const second: TokenPair = (await refresh(app, stolen)).json();
    const third: TokenPair = (await refresh(app, second)).json();
    const again = await refresh(other, stolen);
    expect(again.json()).toMatchObject({ status: 401, code: 'refresh-token-reused' });
    for (const pair of [third, second, stolen]) {
      expect((await refresh(app, pair)).json()).toMatchObject({ status: 401, code: 'refresh-token-invalid' });
    }
    expect(await familiesOf(one.user.id)).toEqual([]);
  });

  it('ends the family when a token comes again after the grace', async () => {
    const one = await signUp(app);
    const pair = await logIn(one);
    const next: TokenPair = (await refresh(app, pair)).json();
    await usedAgo(pair, life.refreshGraceSeconds + 1);
    expect((await refresh(app, pair)).json()).toMatchObject({ code: 'refresh-token-reused' });
    expect((await refresh(app, next)).json()).toMatchObject({ code: 'refresh-token-invalid' });
  });

  it('leaves the customer’s other logins alone when one family ends', async () => {
    const one = await signUp(app);
    const [pair, elsewhere] = [await logIn(one), await logIn(one)];
    await refresh(app, pair);
    await usedAgo(pair, life.refreshGraceSeconds + 1);
    expect((await refresh(app, pair)).statusCode).toBe(401);
    expect((await refresh(app, elsewhere)).statusCode).toBe(200);
    expect((await one.client.get('/api/auth/me')).statusCode).toBe(200);
  });

  it('ends the family when a token is used and revoked at the same time', async () => {
    for (let round = 0; round < 10; round += 1) {
      const one = await signUp(app);
      const pair = await logIn(one);
      const [answer, revoked] = await Promise.all([
        refresh(app, pair),
        ask(other, '/revoke', { refreshToken: pair.refreshToken }),
      ]);
      expect([200, 401]).toContain(answer.statusCode);
      expect(revoked.statusCode).toBe(204);
      expect(await familiesOf(one.user.id)).toEqual([]);
      if (answer.statusCode === 200) expect((await refresh(app, answer.json())).statusCode).toBe(401);
    }
  });

  it('refuses a token that was never issued', async () => {
    for (const refreshToken of ['x', `shop_rt_${'A'.repeat(43)}`]) {
      const response = await ask(app, '/refresh', { refreshToken });
      expect(response.json()).toMatchObject({ status: 401, code: 'refresh-token-invalid' });
    }
  });

  it('refuses an access token, and an access token’s place refuses a refresh token', async () => {
    const pair = await logIn(await signUp(app));
    const swapped = await ask(app, '/refresh', { refreshToken: pair.accessToken.slice(0, 200) });
    expect(swapped.json()).toMatchObject({ code: 'refresh-token-invalid' });
    const used = await me(app, { ...pair, accessToken: pair.refreshToken });
    expect(used.json()).toMatchObject({ code: 'access-token-invalid' });
  });

  it('refuses a token that was not used in time, and every token of a login that is too old', async () => {
    const brief = await buildTestApp({ tokens: { ...life, refreshTtlSeconds: 1 } });
    const old = await buildTestApp({ tokens: { ...life, refreshMaxAgeSeconds: 1 } });
    for (const replica of [brief, old]) {
      const pair = await logIn(await signUp(app), replica);
      expect(pair.refreshExpiresInSeconds).toBeLessThanOrEqual(1);
      await sleep(1_500);
      expect((await refresh(app, pair)).json()).toMatchObject({ code: 'refresh-token-invalid' });
      await replica.close();
    }
  });
});

describe('POST /api/auth/token/revoke', () => {
  it('ends the family of any of its tokens, again and for what is no token', async () => {
    const one = await signUp(app);
    const pair = await logIn(one);
    const next: TokenPair = (await refresh(app, pair)).json();
    for (const refreshToken of [pair.refreshToken, pair.refreshToken, 'nothing']) {
      const response = await ask(other, '/revoke', { refreshToken });
      expect([response.statusCode, response.body]).toEqual([204, '']);
    }
    expect((await refresh(app, next)).json()).toMatchObject({ code: 'refresh-token-invalid' });
  });

  it('lets the access token work until its end, which is why its life is short', async () => {
    const pair = await logIn(await signUp(app));
    await ask(app, '/revoke', { refreshToken: pair.refreshToken });
    expect((await me(app, pair)).statusCode).toBe(200);
  });

  it('leaves other logins alone, and ends them all with `everywhere`, sessions included', async () => {
    const one = await signUp(app);
    const [pair, second, third] = [await logIn(one), await logIn(one), await logIn(one)];
    await ask(app, '/revoke', { refreshToken: pair.refreshToken });
    expect((await refresh(app, second)).statusCode).toBe(200);
    expect((await one.client.get('/api/auth/me')).statusCode).toBe(200);
    const stranger = await signUp(app);

    await ask(other, '/revoke', { refreshToken: third.refreshToken, everywhere: true });
    expect(await familiesOf(one.user.id)).toEqual([]);
    expect((await one.client.get('/api/auth/me')).json()).toMatchObject({ code: 'session-ended' });
    expect((await stranger.client.get('/api/auth/me')).statusCode).toBe(200);
  });
});

describe('the keys of access tokens', () => {
  const jwks = async (on: App) => {
    const response = await new TestClient(on).get('/api/.well-known/jwks.json');
    expect([response.statusCode, response.headers['cache-control']]).toEqual([200, 'no-cache']);
    return response.json();
  };
  const kidOf = ({ accessToken }: TokenPair) => decodeProtectedHeader(accessToken).kid;

  it('are published without their private halves, and another library can verify with them', async () => {
    const one = await signUp(app);
    const { accessToken } = await logIn(one);
    const set = await jwks(other);
    const { payload } = await jwtVerify(accessToken, createLocalJWKSet(set));
    expect(payload.sub).toBe(one.user.id);
    for (const key of set.keys) {
      expect(Object.keys(key).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x']);
    }
  });

  it('are stored encrypted', async () => {
    await logIn(await signUp(app));
    const { value: rows } = await app.db.primary.transaction((tx) => tx.select().from(tokenKeys));
    expect(rows.length).toBeGreaterThan(0);
    for (const { encryptedPrivateKey } of rows) {
      expect(decodeProtectedHeader(encryptedPrivateKey)).toMatchObject({ alg: 'dir', enc: 'A256GCM' });
    }
  });

  it('are changed while they are in use: no token is refused, on a replica that has not seen the new key', async () => {
    const one = await signUp(app);
    const before = await logIn(one);
    expect((await me(other, before)).statusCode).toBe(200);
    const { kid } = await app.signingKeys.rotate();
    const after = await logIn(one);
    expect(kidOf(after)).toBe(kid);
    expect(kidOf(before)).not.toBe(kid);
    for (const pair of [after, before]) expect((await me(other, pair)).statusCode).toBe(200);
    const kids = (await jwks(other)).keys.map((key: { kid: string }) => key.kid);
    expect(kids[0]).toBe(kid);
    expect(kids).toContain(kidOf(before));
  });

  it('are changed by age, once, however many calls on different replicas find that out at once', async () => {
    const keyMaxAgeSeconds = 5;
    const replicas = await Promise.all(
      [1, 2].map(() => buildTestApp({ tokens: { ...life, keyMaxAgeSeconds } })),
    );
    const { kid: old } = await app.signingKeys.rotate();
    const { kid: young } = await replicas[0]!.signingKeys.current();
    expect(young).toBe(old);
    await sleep(keyMaxAgeSeconds * 1000 + 100);
    const keys = await Promise.all(
      Array.from({ length: 20 }, (_, n) => replicas[n % 2]!.signingKeys.current()),
    );
    const kids = new Set(keys.map(({ kid }) => kid));
    expect(kids.size).toBe(1);
    expect(kids.has(old)).toBe(false);
    await Promise.all(replicas.map((replica) => replica.close()));
  });

  it('are refused once they are revoked, and a refresh gives a token that works', async () => {
    const lone = await buildTestApp();
    const one = await signUp(lone);
    // Both replicas have signed with the key that leaks.
    const leaked: TokenPair = (await refresh(other, await logIn(one, lone))).json();
    const { kid } = await lone.signingKeys.rotate({ revoke: true });
    await lone.verificationKeys.reload();
    expect((await me(lone, leaked)).json()).toMatchObject({ code: 'access-token-invalid' });
    const next: TokenPair = (await refresh(other, leaked)).json();
    expect(kidOf(next)).toBe(kid);
    expect((await me(lone, next)).statusCode).toBe(200);
    await lone.close();
  });

  it('are replaced when the secret that opens them has changed', async () => {
    const changed = await buildTestApp({ tokenSecret: 'another secret of the same length' });
    const one = await signUp(app);
    const before = await logIn(one);
    const after = await logIn(one, changed);
    expect(kidOf(after)).not.toBe(kidOf(before));
    for (const pair of [before, after]) expect((await me(other, pair)).statusCode).toBe(200);
    await changed.close();
  });
});
