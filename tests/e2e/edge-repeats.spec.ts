/** What the edge sends a second time, and what it tells the API of a client: seen from the API's side. */
import { randomUUID } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { type Behaviour, EdgeAlone } from './edge-alone.ts';
import { send } from './edge-client.ts';

const edge = new EdgeAlone();
test.describe.configure({ mode: 'serial' });
test.beforeAll(() => edge.start());
test.afterAll(() => edge.stop());

/** Sends one call through `through`; resolves with how often it reached a stand-in for the API. */
async function timesDelivered(through: EdgeAlone, method: string, behaviour: Behaviour, key?: string) {
  await through.untilBothServe();
  const path = `/api/uploads?${randomUUID()}`;
  const headers = [`X-Behaviour: ${behaviour}`, ...(key === undefined ? [] : [`Idempotency-Key: ${key}`])];
  const { status } = await send(
    through.url,
    [`${method} ${path} HTTP/1.1`, 'Host: edge', 'Content-Length: 2', ...headers],
    '{}',
  );
  const deliveries = await through.deliveries(path);
  return { status, times: deliveries.length };
}

for (const method of ['POST', 'PATCH']) {
  for (const behaviour of ['reset', 'unavailable'] as const) {
    test(`a ${method} without a key reaches one replica only, when that one answers "${behaviour}"`, async () => {
      expect(await timesDelivered(edge, method, behaviour)).toEqual({ status: 503, times: 1 });
      // An empty key is none.
      expect(await timesDelivered(edge, method, behaviour, '')).toEqual({ status: 503, times: 1 });
    });

    test(`a ${method} with a key is tried again, when a replica answers "${behaviour}"`, async () => {
      const { status, times } = await timesDelivered(edge, method, behaviour, randomUUID());
      expect(status).toBe(503);
      expect(times).toBeGreaterThan(1);
    });
  }
}

test('an edge that repeats what has no key is noticed', async () => {
  const broken = new EdgeAlone();
  try {
    await broken.start('edge-repeats-what-has-no-key');
    expect((await timesDelivered(broken, 'POST', 'reset')).times).toBeGreaterThan(1);
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
