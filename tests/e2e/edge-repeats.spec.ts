/** What the edge sends a second time, and what it tells the API of a client: seen from the API's side. */
import { randomUUID } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { type Behaviour, EdgeAlone } from './edge-alone.ts';
import { send } from './edge-client.ts';

const edge = new EdgeAlone();
test.describe.configure({ mode: 'serial' });
test.beforeAll(() => edge.start());
test.afterAll(() => edge.stop());

type Call = { method: string; behaviour: Behaviour; key?: string; atLeast?: number };

/** Sends one call through `through`; resolves with how often it reached a stand-in for the API, which must be `atLeast`. */
async function timesDelivered(through: EdgeAlone, { method, behaviour, key, atLeast }: Call) {
  await through.untilBothServe();
  const path = `/api/uploads?${randomUUID()}`;
  const headers = [`X-Behaviour: ${behaviour}`, ...(key === undefined ? [] : [`Idempotency-Key: ${key}`])];
  const { status } = await send(
    through.url,
    [`${method} ${path} HTTP/1.1`, 'Host: edge', 'Content-Length: 2', ...headers],
    '{}',
  );
  const deliveries = await through.deliveries(path, atLeast);
  return { status, times: deliveries.length };
}

for (const method of ['POST', 'PATCH']) {
  for (const behaviour of ['reset', 'unavailable'] as const) {
    test(`a ${method} without a key reaches one replica only, when that one answers "${behaviour}"`, async () => {
      expect(await timesDelivered(edge, { method, behaviour })).toEqual({ status: 503, times: 1 });
      // An empty key is none.
      expect(await timesDelivered(edge, { method, behaviour, key: '' })).toEqual({ status: 503, times: 1 });
    });

    test(`a ${method} with a key is tried again, when a replica answers "${behaviour}"`, async () => {
      const { status, times } = await timesDelivered(edge, {
        method,
        behaviour,
        key: randomUUID(),
        atLeast: 2,
      });
      expect(status).toBe(503);
      expect(times).toBeGreaterThan(1);
    });
  }
}

test('control: the test notices an edge that repeats a call without a key', async () => {
  const broken = new EdgeAlone();
  try {
    await broken.start({ BROKEN_VARIANT: 'edge-repeats-what-has-no-key' });
    expect(
      (await timesDelivered(broken, { method: 'POST', behaviour: 'reset', atLeast: 2 })).times,
    ).toBeGreaterThan(1);
  } finally {
    await broken.stop();
  }
});

test('the API learns the address of the connection, whatever the client claims', async () => {
  const path = `/api/whoami?${randomUUID()}`;
  const forged = '198.51.100.7';
  const claims = ['X-Forwarded-For', 'X-Real-IP', 'X-Forwarded-Host', 'X-Forwarded-Port', 'X-Edge']
    .map((name) => `${name}: ${forged}`)
    .concat(`Forwarded: for=${forged}`, 'X-Forwarded-Proto: https');
  await send(edge.url, [`GET ${path} HTTP/1.1`, 'Host: edge', ...claims]);
  const [delivery] = await edge.deliveries(path);
  expect(JSON.stringify(delivery)).not.toContain(forged);
  expect(delivery?.headers).toMatchObject({
    'x-forwarded-for': expect.stringMatching(/^[\d.]+$/),
    'x-forwarded-proto': 'http',
    'x-edge': 'edge-1',
  });
});

test('the edge forwards neither cookie nor access token to the catalogue, because its answers are cached for every client', async () => {
  const credentials = ['Cookie: sid=mine; watermark=position', 'Authorization: Bearer mine'];
  const delivered = async (path: string) => {
    await send(edge.url, [`GET ${path} HTTP/1.1`, 'Host: edge', ...credentials]);
    const [delivery] = await edge.deliveries(path);
    return delivery?.headers;
  };
  for (const path of [
    '/api/products',
    '/api/products/loaf',
    '/api/products/loaf/reviews',
    '/api/categories',
  ]) {
    const headers = await delivered(`${path}?${randomUUID()}`);
    expect([path, headers?.cookie, headers?.authorization]).toEqual([path, 'watermark=position', undefined]);
  }
  const personal = await delivered(`/api/orders?${randomUUID()}`);
  expect(personal).toMatchObject({ cookie: 'sid=mine; watermark=position', authorization: 'Bearer mine' });
});

test('the edge forwards neither cookie nor access token of the admin to the tools, which are other programs', async () => {
  for (const tool of ['/mail/', '/prometheus/graph']) {
    const path = `${tool}?${randomUUID()}`;
    const { status } = await send(edge.url, [
      `GET ${path} HTTP/1.1`,
      'Host: edge',
      'Cookie: sid=mine',
      'Authorization: Bearer mine',
    ]);
    const [delivery] = await edge.deliveries(path);
    const { cookie, authorization } = delivery!.headers;
    expect([tool, status, cookie, authorization]).toEqual([tool, 200, undefined, undefined]);
  }
});
