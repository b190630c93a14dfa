import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';

const body = JSON.stringify({ name: 'Zinc jug', description: 'Holds two litres.'.repeat(1_000) });
let calls: string[] = [];

/** How an edge answers the first call; each later one gets the whole body. */
const firstAnswers = {
  /** As when a network changes. */
  'ends within its body': (response: ServerResponse) => {
    response.writeHead(200, { 'content-length': body.length });
    response.write(body.slice(0, 9_000), () => setTimeout(() => response.destroy(), 50));
  },
  /** RFC 9110 allows a date; the shop itself sends seconds. */
  'is a 503 until a date': (response: ServerResponse) => {
    response.writeHead(503, { 'retry-after': 'Fri, 31 Dec 1999 23:59:59 GMT' }).end();
  },
  'is a 503 for 5 s': (response: ServerResponse) => {
    response.writeHead(503, { 'retry-after': '5' }).end();
  },
};
let first: keyof typeof firstAnswers;
const edge = createServer((request, response) => {
  calls.push(`${request.method} ${request.headers['idempotency-key'] ?? ''}`.trimEnd());
  if (calls.length > 1) response.writeHead(200).end(body);
  else firstAnswers[first](response);
});

afterEach(() => {
  vi.useRealTimers();
  calls = [];
  edge.close();
  vi.unstubAllGlobals();
});

/** Calls the edge as the storefront does. */
async function call(method: string, headers: [string, string][], answer: keyof typeof firstAnswers) {
  first = answer;
  await new Promise<void>((listening) => edge.listen(0, '127.0.0.1', listening));
  const { port } = edge.address() as AddressInfo;
  vi.stubGlobal('location', new URL(`http://127.0.0.1:${port}`));
  vi.resetModules();
  const { persistentFetch } = await import('./persistent-fetch.ts');
  return await persistentFetch(new Request(new URL('/api/products/1', location.origin), { method, headers }));
}

const keyed: [string, string][] = [['idempotency-key', 'k1']];

test.each([
  { answer: 'ends within its body' as const, method: 'GET', headers: [], sent: 'GET' },
  { answer: 'ends within its body' as const, method: 'POST', headers: keyed, sent: 'POST k1' },
  { answer: 'is a 503 until a date' as const, method: 'GET', headers: [], sent: 'GET' },
])('a $method whose answer $answer is sent again', async ({ answer, method, headers, sent }) => {
  const response = await call(method, headers, answer);
  expect(await response.text()).toBe(body);
  expect(calls).toEqual([sent, sent]);
});

test('a POST without a key is sent once, and its answer does not wait for its Retry-After', async () => {
  const timers = vi.spyOn(globalThis, 'setTimeout');
  const response = await call('POST', [], 'is a 503 for 5 s');
  // Its 5 s, less a first pause of the schedule; the client of HTTP has timers of its own.
  expect(timers.mock.calls.map(([, ms = 0]) => ms).filter((ms) => ms > 4_000 && ms <= 5_000)).toEqual([]);
  timers.mockRestore();
  expect(response.status).toBe(503);
  expect(calls).toEqual(['POST']);
});

test('a GET waits for each Retry-After but that of its last answer', async () => {
  vi.useFakeTimers();
  const sentAt: number[] = [];
  vi.stubGlobal('location', new URL('http://127.0.0.1:8080'));
  vi.stubGlobal('fetch', async () => {
    sentAt.push(Date.now());
    return new Response(null, { status: 503, headers: { 'retry-after': '5' } });
  });
  vi.resetModules();
  const { persistentFetch } = await import('./persistent-fetch.ts');
  const answered = persistentFetch(new Request(new URL('/api/products/1', location.origin))).then(
    ({ status }) => ({ status, at: Date.now() }),
  );
  await vi.runAllTimersAsync();
  expect(sentAt.slice(1).map((at, index) => at - sentAt[index]!)).toEqual(Array(9).fill(5_000));
  expect(await answered).toEqual({ status: 503, at: sentAt.at(-1) });
});
