import Fastify, { type HTTPMethods } from 'fastify';
import { expect, test } from 'vitest';
import notFound from './not-found.ts';
import problems from './problems.ts';

async function appWithCart() {
  const app = Fastify();
  await app.register(problems);
  await app.register(notFound);
  app.get('/api/cart', async () => ({}));
  app.delete('/api/cart', async () => ({}));
  return app;
}

const json = { 'content-type': 'application/json' };

// QUERY is a method that must have a body's type, so the server would refuse the body first.
test.each<[string, string, string | undefined]>([
  ['PATCH', '{', 'application/json'],
  ['PUT', 'text', 'text/plain'],
  ['QUERY', '', undefined],
])(
  '%s on a known address is 405 and names the methods, whatever its body is',
  async (method, payload, type) => {
    const app = await appWithCart();
    const headers = type ? { 'content-type': type } : {};
    const reply = await app.inject({
      method: method as HTTPMethods & 'PUT',
      url: '/api/cart',
      headers,
      payload,
    });
    expect(reply.json()).toMatchObject({ status: 405, code: 'method-not-allowed' });
    expect(reply.headers.allow).toBe('GET, HEAD, DELETE');
  },
);

test('an unknown address is 404, whatever the body is', async () => {
  const app = await appWithCart();
  const reply = await app.inject({ method: 'POST', url: '/api/nothing', headers: json, payload: '{' });
  expect(reply.json()).toMatchObject({ status: 404, code: 'not-found' });
});
