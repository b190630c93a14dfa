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
};
let first: keyof typeof firstAnswers;
const edge = createServer((request, response) => {
  calls.push(`${request.method} ${request.headers['idempotency-key'] ?? ''}`.trimEnd());
  if (calls.length > 1) response.writeHead(200).end(body);
  else firstAnswers[first](response);
});

afterEach(() => {
  calls = [];
  edge.close();
  vi.unstubAllGlobals();
});

test.each([
  { answer: 'ends within its body' as const, method: 'GET', headers: [] as [string, string][], call: 'GET' },
  {
    answer: 'ends within its body' as const,
    method: 'POST',
    headers: [['idempotency-key', 'k1']] as [string, string][],
    call: 'POST k1',
  },
  { answer: 'is a 503 until a date' as const, method: 'GET', headers: [] as [string, string][], call: 'GET' },
])('a $method whose answer $answer is sent again', async ({ answer, method, headers, call }) => {
  first = answer;
  await new Promise<void>((listening) => edge.listen(0, '127.0.0.1', listening));
  const { port } = edge.address() as AddressInfo;
  vi.stubGlobal('location', new URL(`http://127.0.0.1:${port}`));
  vi.resetModules();
  const { persistentFetch } = await import('./persistent-fetch.ts');
  const response = await persistentFetch(
    new Request(new URL('/api/products/1', location.origin), { method, headers }),
  );
  expect(await response.text()).toBe(body);
  expect(calls).toEqual([call, call]);
});
