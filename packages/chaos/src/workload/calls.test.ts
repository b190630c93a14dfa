import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { History } from './history.ts';

type Seen = { port: number; key: string | undefined };

const servers: Server[] = [];
let seen: Seen[] = [];
/** What the edges say, in turn; `hang up` closes the connection without an answer. */
let answers: (number | 'hang up' | { status: number; code: string })[] = [];

async function edge(): Promise<string> {
  const server = createServer((request, response) => {
    const { port } = server.address() as AddressInfo;
    seen.push({ port, key: request.headers['idempotency-key'] as string | undefined });
    const answer = answers.shift() ?? 200;
    if (answer === 'hang up') return void request.socket.destroy();
    const { status, code } = typeof answer === 'number' ? { status: answer, code: '' } : answer;
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ code }));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function shopper() {
  const { ShopClient } = await import('@shop/shop-client/shop-client.ts');
  const { edges } = await import('@shop/shop-client/topology-under-test.ts');
  return new ShopClient(edges[0]);
}

async function send(how: 'sendOnce' | 'sendPersistently', by?: Awaited<ReturnType<typeof shopper>>) {
  const calls = await import('./calls.ts');
  const client = by ?? (await shopper());
  const operation = new History().invoke({ kind: 'order', session: 'shopper-1' });
  const call = { method: 'POST', path: '/api/orders', key: 'a-key', body: {} };
  const reply = await calls[how](client, operation, call);
  return { reply, operation };
}

beforeEach(async () => {
  vi.resetModules();
  vi.stubEnv('EDGE_1', await edge());
  vi.stubEnv('EDGE_2', await edge());
  seen = [];
});
afterEach(() => {
  vi.unstubAllEnvs();
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

test('a client that retries asks the other edge under the same key until an answer is final', async () => {
  answers = ['hang up', 503, 429, { status: 409, code: 'request-in-progress' }, 201];
  const { reply, operation } = await send('sendPersistently');
  expect(reply.status).toBe(201);
  expect(operation).toMatchObject({ attempts: 5, retries: 4, status: 201 });
  expect(new Set(seen.map(({ key }) => key))).toEqual(new Set(['a-key']));
  const [first, second] = seen.map(({ port }) => port);
  expect(seen.map(({ port }) => port)).toEqual([first, second, first, second, first]);
  expect(first).not.toBe(second);
});

test('an edge that does not answer is not asked first again for a while', async () => {
  const client = await shopper();
  answers = ['hang up', 201, 201];
  await send('sendPersistently', client);
  await send('sendPersistently', client);
  const [own, other, next] = seen.map(({ port }) => port);
  expect(other).not.toBe(own);
  expect(next).toBe(other);
});

test('a final answer is not asked for again', async () => {
  answers = [{ status: 409, code: 'out-of-stock' }];
  const { reply, operation } = await send('sendPersistently');
  expect(reply.status).toBe(409);
  expect(operation).toMatchObject({ attempts: 1, retries: 0 });
});

test('a client of one attempt does not retry', async () => {
  answers = [503];
  expect((await send('sendOnce')).reply.status).toBe(503);
  answers = ['hang up'];
  await expect(send('sendOnce')).rejects.toThrow();
  expect(seen).toHaveLength(2);
});
