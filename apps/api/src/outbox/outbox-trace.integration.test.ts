import { outbox } from '@shop/database/schema/outbox.ts';
import { startCollector } from '@shop/tracing/collector.ts';
import { startTracing } from '@shop/tracing/start.ts';
import { eq } from 'drizzle-orm';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type App, buildTestApp } from '../../testing/app.ts';
import { makeProduct, signUp } from '../../testing/factories.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';

let app: App;
let collector: Awaited<ReturnType<typeof startCollector>>;
let stopTracing: () => Promise<void>;
beforeAll(async () => {
  collector = await startCollector();
  const tracing = {
    endpoint: collector.endpoint,
    sampler: 'parentbased_traceidratio',
    ratio: 0,
    delayMs: 50,
  } as const;
  stopTracing = await startTracing('api', tracing);
  app = await buildTestApp({ tracing });
});
afterAll(async () => {
  await app.close();
  await stopTracing();
  await collector.close();
});

async function placeOrder(headers: Record<string, string> = {}): Promise<string> {
  const { client } = await signUp(app);
  const { id } = await makeProduct(app, { stock: 10 });
  const body = { items: [{ productId: id, quantity: 1 }] };
  const response = await client.post('/api/orders', body, { 'idempotency-key': uuid(), ...headers });
  expect(response.statusCode).toBe(201);
  return response.json().id;
}

const placesOf = async (orderId: string) => {
  const { value: rows } = await app.db.primary.transaction((tx) =>
    tx.select({ traceparent: outbox.traceparent }).from(outbox).where(eq(outbox.orderId, orderId)),
  );
  return rows.map(({ traceparent }) => traceparent);
};

it('the events of a traced order say to which trace they belong, and its spans name the statements and commands', async () => {
  const orderId = await placeOrder({ traceparent: `00-${traceId}-00f067aa0ba902b7-01` });
  const places = await placesOf(orderId);
  await stopTracing();
  const spans = collector.spans.filter((span) => span.traceId === traceId);
  const request = spans.find(({ name }) => name === 'POST /api/orders');
  expect(places).toEqual([`00-${traceId}-${request?.spanId}-01`, `00-${traceId}-${request?.spanId}-01`]);
  expect(request).toMatchObject({ service: 'api', parentSpanId: '00f067aa0ba902b7', failed: false });
  const names = spans.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['sql insert_events', 'sql COMMIT']));
  expect(names.some((name) => name.startsWith('redis '))).toBe(true);
  // All of them are below the request, and end before it does.
  const ids = new Set(spans.map(({ spanId }) => spanId));
  for (const span of spans) if (span !== request) expect(ids.has(span.parentSpanId ?? '')).toBe(true);
  // Neither values of statements nor arguments of commands are recorded.
  expect(JSON.stringify(spans)).not.toContain(orderId);
});

it('the events of an order that is not traced belong to none', async () => {
  expect(await placesOf(await placeOrder())).toEqual([null, null]);
});
