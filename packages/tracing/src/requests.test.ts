import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import { afterEach, expect, test } from 'vitest';
import { startCollector } from './collector.ts';
import traceRequests from './requests.ts';
import type { TracingConfig } from './settings.ts';
import { inSpan, traceIds } from './spans.ts';
import { startTracing } from './start.ts';

const ended: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0).reverse()) await end();
});

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const traced = { traceparent: `00-${traceId}-00f067aa0ba902b7-01` };

async function serving(ratio: number, options: { begins?: string; callersPerSecond?: number }) {
  const collector = await startCollector();
  const tracing = { endpoint: collector.endpoint, sampler: 'parentbased_traceidratio', ratio, delayMs: 10 };
  const stop = await startTracing('shop-test', tracing as TracingConfig);
  const app = Fastify({ genReqId: () => 'request-1' });
  app.register(traceRequests, { config: { tracing }, ...options });
  app.post<{ Params: { id: string } }>('/api/orders/:id', async (request, reply) => {
    if (request.params.id === '0') throw new Error('broken');
    const id = await inSpan('statement', {}, async () => traceIds().trace_id ?? 'none');
    return reply.code(201).send(id);
  });
  app.get('/api/silent', () => new Promise(() => {}));
  app.get('/livez', async () => 'ok');
  ended.push(collector.close, stop, () => app.close());
  const post = async (id: string, headers = {}) =>
    (await app.inject({ method: 'POST', url: `/api/orders/${id}?key=secret`, headers, payload: { a: 1 } }))
      .body;
  return { app, post, stop, spans: collector.spans };
}

test('a request is a span with its route, its id and its status, around what it does', async () => {
  const { post, stop, spans } = await serving(1, { begins: '/api/' });
  const seen = await post('7', { 'x-edge': 'edge-2' });
  await stop();
  const [statement, request] = spans;
  expect(request).toMatchObject({
    name: 'POST /api/orders/:id',
    traceId: seen,
    failed: false,
    attributes: {
      'http.request.method': 'POST',
      'http.route': '/api/orders/:id',
      'http.response.status_code': 201,
      'url.path': '/api/orders/7',
      'shop.request.id': 'request-1',
      'shop.edge': 'edge-2',
    },
  });
  expect(request?.parentSpanId).toBeUndefined();
  expect(statement).toMatchObject({ name: 'statement', parentSpanId: request?.spanId, traceId: seen });
});

test('a request that ends with a fault of ours is marked', async () => {
  const { post, stop, spans } = await serving(1, { begins: '/api/' });
  await post('0');
  await stop();
  expect(spans).toMatchObject([{ failed: true, attributes: { 'http.response.status_code': 500 } }]);
});

test('a request whose client goes before the answer is a span, too', async () => {
  const { app, stop, spans } = await serving(1, { begins: '/api/' });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const arrived = new Promise((resolve) => app.server.once('request', resolve));
  const client = request({ host: '127.0.0.1', port, path: '/api/silent' }).on('error', () => {});
  client.end();
  await arrived;
  client.destroy();
  await expect.poll(() => spans.length).toBe(1);
  await stop();
  expect(spans).toMatchObject([{ name: 'GET /api/silent', attributes: { 'error.type': 'client_gone' } }]);
  expect(spans[0]?.attributes).not.toHaveProperty('http.response.status_code');
});

test('of a long path only the beginning is kept: a client must not fill the collector', async () => {
  const { app, stop, spans } = await serving(1, { begins: '/api/' });
  await app.inject({ url: `/api/${'a'.repeat(7_000)}` });
  await stop();
  expect(String(spans[0]?.attributes['url.path'])).toHaveLength(200);
});

test('the share of requests that is traced is the one that was set', async () => {
  const { post, app, stop, spans } = await serving(0, { begins: '/api/' });
  expect(await post('7')).toBe('none');
  await app.inject({ url: '/livez' });
  await stop();
  expect(spans).toEqual([]);
});

test('health checks begin no trace', async () => {
  const { app, stop, spans } = await serving(1, { begins: '/api/' });
  await app.inject({ url: '/livez' });
  await stop();
  expect(spans).toEqual([]);
});

test('a service that begins no trace continues those of its callers', async () => {
  const { post, stop, spans } = await serving(1, {});
  expect(await post('7')).toBe('none');
  expect(await post('8', traced)).toBe(traceId);
  await stop();
  expect(spans.map(({ attributes }) => attributes['url.path'])).toEqual([undefined, '/api/orders/8']);
  expect(spans.map(({ attributes }) => attributes['shop.request.id'])).toEqual([undefined, undefined]);
});

test('callers can force few traces in a second, and the rest count as if they had not asked', async () => {
  const { post, stop, spans } = await serving(0, { begins: '/api/', callersPerSecond: 2 });
  // Two seconds may begin while these are sent, so two, four or six are traced. All ten would be without a limit.
  const from = performance.now();
  const seen = await Promise.all(Array.from({ length: 50 }, () => post('7', traced)));
  const secondsMet = Math.floor(performance.now() / 1000) - Math.floor(from / 1000) + 1;
  await stop();
  const forced = seen.filter((id) => id === traceId).length;
  expect(forced).toBeGreaterThanOrEqual(2);
  expect(forced).toBeLessThanOrEqual(2 * secondsMet);
  expect(spans.filter(({ name }) => name !== 'statement')).toHaveLength(forced);
});
