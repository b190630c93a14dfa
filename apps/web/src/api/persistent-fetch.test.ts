import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';

const body = JSON.stringify({ name: 'Zinc jug', description: 'Holds two litres.'.repeat(1_000) });
let calls: string[] = [];

/** An edge whose first answer ends within its body, as when a network changes; each later one arrives whole. */
const edge = createServer((request, response) => {
  calls.push(`${request.method} ${request.headers['idempotency-key'] ?? ''}`.trimEnd());
  response.writeHead(200, { 'content-length': body.length });
  if (calls.length > 1) response.end(body);
  else response.write(body.slice(0, 9_000), () => setTimeout(() => response.destroy(), 50));
});

afterEach(() => {
  calls = [];
  edge.close();
  vi.unstubAllGlobals();
});

test.each([
  { method: 'GET', headers: [] as [string, string][], call: 'GET' },
  { method: 'POST', headers: [['idempotency-key', 'k1']] as [string, string][], call: 'POST k1' },
])('a $method whose answer ends within its body is sent again', async ({ method, headers, call }) => {
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
