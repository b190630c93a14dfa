import { createHash, randomUUID } from 'node:crypto';
import { sessions } from '@shop/database/schema/sessions.ts';
import { anEmail } from '@shop/testing/factories.ts';
import { eq } from 'drizzle-orm';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type App, buildTestApp } from '../../testing/app.ts';
import { TestClient } from '../../testing/client.ts';
import { makeProduct, signUp } from '../../testing/factories.ts';
import { SessionStore } from './session.store.ts';

let app: App;
beforeAll(async () => {
  app = await buildTestApp();
});
afterAll(() => app.close());

const keyed = () => ({ 'idempotency-key': randomUUID() });
const idOf = (client: TestClient) => decodeURIComponent(client.cookies.get('sid')!).split('.')[0]!;
const hashOf = (client: TestClient) => createHash('sha256').update(idOf(client)).digest('hex');
const rowOf = async (client: TestClient) => {
  const find = eq(sessions.idHash, hashOf(client));
  return (await app.db.replica('primary').read((tx) => tx.select().from(sessions).where(find)))[0]!;
};

/** A client whose login another client has ended. */
async function ended() {
  const { client, user, password } = await signUp(app);
  await client.copy().post('/api/auth/logout');
  client.cookies.delete('watermark');
  return { client, user, password };
}

describe('a customer’s session that has ended', () => {
  it('is answered 401 session-ended without a cookie, on every call for customers', async () => {
    const { client } = await ended();
    const id = uuid();
    for (const [method, url, body] of [
      ['GET', '/api/auth/me'],
      ['GET', '/api/cart'],
      ['PUT', `/api/cart/items/${id}`, { quantity: 1 }],
      ['POST', '/api/cart/items', { productId: id, quantity: 1 }],
      ['DELETE', '/api/cart'],
      ['POST', '/api/orders', {}],
      ['GET', '/api/orders'],
      ['GET', `/api/orders/${id}`],
      ['POST', '/api/uploads', {}],
      ['POST', `/api/products/${id}/reviews`, { rating: 5, text: 'Good' }],
      ['GET', '/api/admin/orders'],
      ['GET', '/api/admin/queues'],
      ['GET', '/api/admin/queues/api/queues'],
    ] as const) {
      const response = await client.send(method, url, body);
      expect([method, url, response.json()]).toEqual([
        method,
        url,
        expect.objectContaining({ status: 401, code: 'session-ended' }),
      ]);
      expect(response.headers['set-cookie']).toBeUndefined();
    }
  });

  it('is ignored by the catalogue and by the lists of reviews', async () => {
    const { client } = await ended();
    const product = await makeProduct(app);
    for (const url of ['/api/products', '/api/categories', `/api/products/${product.id}/reviews`]) {
      const response = await client.get(url);
      expect([url, response.statusCode, response.headers['set-cookie']]).toEqual([url, 200, undefined]);
    }
  });

  it('is replaced by a login, a registration and a logout', async () => {
    const { client, user, password } = await ended();
    const [registering, leaving] = [client.copy(), client.copy()];
    expect((await client.post('/api/auth/login', { email: user.email, password })).statusCode).toBe(200);
    expect((await client.get('/api/cart')).statusCode).toBe(200);
    const body = { email: anEmail(), password: 'correct horse', name: 'Ada' };
    expect((await registering.post('/api/auth/register', body)).statusCode).toBe(201);
    expect((await registering.get('/api/auth/me')).statusCode).toBe(200);
    expect((await leaving.post('/api/auth/logout')).statusCode).toBe(204);
    expect(leaving.cookies.has('sid')).toBe(false);
    expect((await leaving.get('/api/cart')).statusCode).toBe(200);
  });

  it('differs from a guest’s session, which continues with its cart when no store knows it', async () => {
    const [guest, product] = [new TestClient(app), await makeProduct(app)];
    await guest.put(`/api/cart/items/${product.id}`, { quantity: 2 });
    await app.redis.del(`session:${hashOf(guest)}`);
    expect((await guest.get('/api/cart')).json()).toMatchObject({ items: [{ quantity: 2 }] });
  });
});

describe('a session in use', () => {
  it('expires later, first in Postgres, then in the cookie', async () => {
    const { client } = await signUp(app);
    const soon = new Date(Date.now() + 24 * 3_600_000);
    await app.db.primary.transaction((tx) =>
      tx
        .update(sessions)
        .set({ expiresAt: soon })
        .where(eq(sessions.idHash, hashOf(client))),
    );
    await app.redis.del(`session:${hashOf(client)}`);
    const response = await client.get('/api/auth/me');
    const cookie = response.cookies.find(({ name }) => name === 'sid')!;
    const { expiresAt } = await rowOf(client);
    expect(expiresAt.getTime() - soon.getTime()).toBeGreaterThan(5.9 * 24 * 3_600_000);
    expect(cookie.expires!.getTime()).toBeLessThanOrEqual(expiresAt.getTime());
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' });
    // Not again at once: the copy knows.
    expect((await client.get('/api/auth/me')).headers['set-cookie']).toBeUndefined();
    expect((await client.get('/api/auth/me')).statusCode).toBe(200);
  });

  it('does not live longer than its maximum age', async () => {
    const { client } = await signUp(app);
    const createdAt = new Date(Date.now() - 29 * 24 * 3_600_000);
    const expiresAt = new Date(Date.now() + 2 * 3_600_000);
    await app.db.primary.transaction((tx) =>
      tx
        .update(sessions)
        .set({ createdAt, expiresAt })
        .where(eq(sessions.idHash, hashOf(client))),
    );
    await app.redis.del(`session:${hashOf(client)}`);
    await client.get('/api/auth/me');
    const row = await rowOf(client);
    expect(row.expiresAt.getTime() - createdAt.getTime()).toBe(30 * 24 * 3_600_000);
  });

  it('whose row cannot be extended keeps its cookie', async () => {
    const { client } = await signUp(app);
    // Its copy says that it is time, and its row has just expired.
    const copyKey = `session:${hashOf(client)}`;
    const copy = JSON.parse((await app.redis.get(copyKey))!);
    const soon = new Date(Date.now() + 3_600_000);
    const changed = { ...copy, expiresAt: soon, cookie: { ...copy.cookie, expires: soon } };
    await app.redis.set(copyKey, JSON.stringify(changed), 'EX', 60);
    const expired = new Date(Date.now() - 1_000);
    await app.db.primary.transaction((tx) =>
      tx
        .update(sessions)
        .set({ expiresAt: expired })
        .where(eq(sessions.idHash, hashOf(client))),
    );
    const response = await client.get('/api/auth/me');
    expect([response.statusCode, response.headers['set-cookie']]).toEqual([200, undefined]);
    expect((await rowOf(client)).expiresAt).toEqual(expired);
  });

  it('that ends while it is extended stays ended', async () => {
    const { client } = await signUp(app);
    const copyKey = `session:${hashOf(client)}`;
    const session = JSON.parse((await app.redis.get(copyKey))!);
    // The mark comes between the extension in Postgres and the new copy.
    const { redisFailFast: failFast, redis: waiting, redisDurable: durable } = app;
    const store = new SessionStore(app.db, { failFast, waiting, durable }, { deadlineMs: 8_000 });
    await store.end(idOf(client));
    expect(await store.extend(idOf(client), session, new Date(Date.now() + 8 * 86_400_000))).toBe(true);
    expect(await app.redis.get(copyKey)).toBe('null');
  });

  it('is found beside another cookie of the same name', async () => {
    const { client, user } = await signUp(app);
    const sid = client.cookies.get('sid')!;
    for (const cookie of [`sid=made.up; sid=${sid}`, `sid=${sid}; sid=made.up`, `sid=%zz;sid=; sid=${sid}`]) {
      const response = await app.inject({ url: '/api/auth/me', headers: { cookie } });
      expect([cookie, response.json()]).toEqual([cookie, user]);
    }
  });
});

describe('X-Customer-Id of an order', () => {
  it('must name the customer of the session, or the order is refused before its key is checked', async () => {
    const { client, user } = await signUp(app);
    const product = await makeProduct(app);
    const body = { items: [{ productId: product.id, quantity: 1 }] };
    const order = (headers: Record<string, string>) => client.post('/api/orders', body, headers);
    const changed = { status: 409, code: 'session-changed' };
    expect((await order({ 'x-customer-id': uuid() })).json()).toMatchObject(changed);
    const key = keyed();
    expect((await order({ ...key, 'x-customer-id': user.id.toUpperCase() })).statusCode).toBe(201);
    expect((await order({ ...key, 'x-customer-id': uuid() })).json()).toMatchObject(changed);
    expect((await order({ ...keyed(), 'x-customer-id': 'ada' })).json()).toMatchObject({
      status: 400,
      code: 'invalid-header',
      errors: [{ path: '/headers/x-customer-id' }],
    });
    const guest = await new TestClient(app).post('/api/orders', body, { 'x-customer-id': 'ada' });
    expect(guest.json()).toMatchObject({ code: 'not-authenticated' });
  });

  it('may be sent by a page of the other edge', async () => {
    const origin = 'http://127.0.0.1:8081';
    const alone = await buildTestApp({ edgeOrigins: [origin] });
    const response = await alone.inject({
      method: 'OPTIONS',
      url: '/api/orders',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'x-customer-id, if-match',
      },
    });
    expect(String(response.headers['access-control-allow-headers'])).toMatch(/if-match.*x-customer-id/);
    await alone.close();
  });
});
