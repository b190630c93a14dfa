import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { anEmail } from '@shop/testing/factories.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type App, buildTestApp } from '../../testing/app.ts';
import { TestClient } from '../../testing/client.ts';
import { signUp } from '../../testing/factories.ts';

let app: App;
beforeAll(async () => {
  app = await buildTestApp();
});
afterAll(() => app.close());

const account = () => ({ email: anEmail(), password: 'Zu\u0308rich 2026', name: 'Zoe\u0308' });

describe('a text', () => {
  it('is the same in every Unicode form: a login, a name, an address', async () => {
    const body = account();
    const registered = await new TestClient(app).post('/api/auth/register', body);
    expect(registered.json()).toMatchObject({ name: 'Zo\u00eb', email: body.email });
    for (const password of [body.password, body.password.normalize('NFC'), 'Zu\u0308rich\u00a02026']) {
      const login = await new TestClient(app).post('/api/auth/login', {
        email: ` ${body.email.toUpperCase()}`,
        password,
      });
      expect(login.statusCode).toBe(200);
    }
    const trimmed = await new TestClient(app).post('/api/auth/login', {
      email: body.email,
      password: `${body.password} `,
    });
    expect(trimmed.json()).toMatchObject({ code: 'invalid-credentials' });
  });

  it.each([
    ['an escaped lone surrogate', '{"email":"a@example.com","password":"12345678","name":"A\\ud800"}', 422],
    ['an escaped NUL', '{"email":"a@example.com","password":"12345678","name":"A\\u0000"}', 422],
    ['a blank name', '{"email":"a@example.com","password":"12345678","name":" \\u200b "}', 422],
    [
      'a password of seven composed characters',
      '{"email":"a@example.com","password":"123456u\\u0308","name":"A"}',
      422,
    ],
  ])('is refused: %s', async (_case, body, status) => {
    const response = await new TestClient(app).post('/api/auth/register', body);
    expect(response.json()).toMatchObject({ status, code: 'validation-failed' });
  });

  it('is refused in a body that is not UTF-8, and not repaired', async () => {
    const response = await app.inject({
      method: 'POST',
      url: '/api/auth/register',
      headers: { 'content-type': 'application/json' },
      payload: Buffer.from(JSON.stringify({ ...account(), name: 'Zo\u00eb' }), 'latin1'),
    });
    expect(response.json()).toMatchObject({ status: 400, code: 'invalid-json' });
  });
});

describe('a body', () => {
  it('is refused as plain text, which would be repaired', async () => {
    for (const type of ['text/plain', 'text/plain; charset=utf-8']) {
      const response = await app.inject({
        method: 'POST',
        url: '/api/auth/login',
        headers: { 'content-type': type },
        payload: JSON.stringify({ email: anEmail(), password: '12345678' }),
      });
      expect(response.json()).toMatchObject({ status: 415, code: 'unsupported-media-type' });
    }
  });

  it('is refused when it is compressed', async () => {
    for (const coding of ['gzip', 'br', 'identity, gzip', 'nonsense']) {
      const response = await app.inject({
        method: 'POST',
        url: '/api/auth/login',
        headers: { 'content-type': 'application/json', 'content-encoding': coding },
        payload: gzipSync(JSON.stringify({ email: anEmail(), password: '12345678' })),
      });
      expect(response.json()).toMatchObject({
        status: 415,
        code: 'unsupported-media-type',
        detail: 'The body has a Content-Encoding',
      });
    }
    const plain = await app.inject({
      method: 'POST',
      url: '/api/auth/login',
      headers: { 'content-type': 'application/json', 'content-encoding': 'Identity' },
      payload: JSON.stringify({ email: anEmail(), password: '12345678' }),
    });
    expect(plain.json()).toMatchObject({ status: 401, code: 'invalid-credentials' });
  });

  it('may be empty, of whatever type a browser says that it is', async () => {
    for (const type of ['text/plain;charset=UTF-8', 'application/json']) {
      const headers = { 'content-type': type, 'content-length': '0' };
      const response = await app.inject({ method: 'POST', url: '/api/auth/logout', headers, payload: '' });
      expect([type, response.statusCode]).toEqual([type, 204]);
    }
  });

  it('has ids in one form: those that Postgres would not take are refused and named', async () => {
    const { client, user } = await signUp(app);
    for (const productId of [
      `urn:uuid:${user.id}`,
      `{${user.id}}`,
      user.id.replaceAll('-', ''),
      ` ${user.id}`,
    ]) {
      const order = { items: [{ productId, quantity: 1 }] };
      const placed = await client.post('/api/orders', order, { 'idempotency-key': randomUUID() });
      expect([productId, placed.json()]).toEqual([
        productId,
        expect.objectContaining({
          status: 422,
          errors: [expect.objectContaining({ path: '/body/items/0/productId' })],
        }),
      ]);
    }
  });
});

describe('a query', () => {
  it.each(['1e1', '0x10', '+5', '5.0', '%205', '', '-1', '0', '101', '1&limit=2'])(
    'refuses limit=%s',
    async (limit) => {
      const response = await app.inject({ url: `/api/products?limit=${limit}` });
      expect(response.json()).toMatchObject({
        status: 422,
        code: 'validation-failed',
        errors: [{ path: '/query/limit' }],
      });
    },
  );

  it.each(['%FF', 'a%C3%28', 'a%00', 'a%0Ab'])('refuses q=%s', async (q) => {
    const response = await app.inject({ url: `/api/products?q=${q}` });
    expect(response.json()).toMatchObject({ status: 422, errors: [{ path: '/query/q' }] });
  });

  it.each(['27', '1.5', 'true', 'null', '100%', '%5B1%5D'])('takes q=%s as text', async (q) => {
    const response = await app.inject({ url: `/api/products?q=${q}` });
    expect(response.statusCode).toBe(200);
  });
});

describe('an address', () => {
  it.each([
    ['bytes that are not UTF-8', '%ff'],
    ['the bytes of half a surrogate pair', '%ed%a0%80'],
    ['an id that is too long', 'a'.repeat(201)],
  ])('with %s names nothing', async (_what, id) => {
    const headers = { 'x-request-id': 'words-of-an-address' };
    const response = await app.inject({ url: `/api/products/${id}`, headers });
    expect(response.headers).toMatchObject({ ...headers, 'content-type': 'application/problem+json' });
    expect(response.json()).toMatchObject({
      status: 404,
      code: 'not-found',
      requestId: headers['x-request-id'],
    });
  });
});
