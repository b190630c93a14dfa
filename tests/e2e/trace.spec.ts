import { randomBytes, randomUUID } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { makeItems } from '@shop/chaos/workload/items.ts';
import type { TracedSpan } from '@shop/contracts/traces.ts';
import { spansOfRequest } from '@shop/docker/traces.ts';
import { ShopClient } from '@shop/shop-client/shop-client.ts';
import { edges, project } from '@shop/shop-client/topology-under-test.ts';
import pWaitFor from 'p-wait-for';

/** What an order causes that ends last, in each process: by name and service. */
const lastOnes = [
  ['api', 'POST /api/orders'],
  ['payments', 'POST /captures'],
  ['worker', 'job payment.capture'],
  ['worker', 'send mail'],
  ['worker', 'job mail.order-confirmation'],
] as const;

const named = (spans: TracedSpan[], service: string, name: string) =>
  spans.find((span) => span.service === service && span.name === name);

test('an order, its payment and its mail are one trace, from the API through outbox and queue to worker and provider', async () => {
  test.setTimeout(300_000);
  const [item] = await makeItems(edges[0], 1);
  const client = new ShopClient(edges[0]);
  await client.register();
  const requestId = randomUUID();
  const traceId = randomBytes(16).toString('hex');
  const placed = await client.post('/api/orders', {
    key: randomUUID(),
    body: { items: [{ productId: item!.id, quantity: 1 }] },
    headers: { 'x-request-id': requestId, traceparent: `00-${traceId}-${randomBytes(8).toString('hex')}-01` },
  });
  expect(placed.status, JSON.stringify(placed.body)).toBe(201);

  // Each process sends its spans some seconds after they have ended.
  let spans: TracedSpan[] = [];
  const isWhole = async () => {
    spans = await spansOfRequest({ project }, requestId);
    const known = new Set(spans.map(({ spanId }) => spanId));
    const root = named(spans, 'api', 'POST /api/orders');
    const hasParents = spans.every((span) => span === root || known.has(span.parentSpanId ?? ''));
    return hasParents && lastOnes.every(([service, name]) => named(spans, service, name));
  };
  await pWaitFor(isWhole, { interval: 500, timeout: 150_000 }).catch(() => {
    const found = spans.map(({ service, name }) => `${service}: ${name}`).join(', ');
    throw new Error(`the trace of the order is not whole after 150 s. It has: ${found}`);
  });

  expect(new Set(spans.map((span) => span.traceId))).toEqual(new Set([traceId]));
  const request = named(spans, 'api', 'POST /api/orders')!;
  const parentOf = (span: TracedSpan) => spans.find(({ spanId }) => spanId === span.parentSpanId);
  const wayTo = (span: TracedSpan): string[] => {
    const parent = parentOf(span);
    return parent ? [...wayTo(parent), span.name] : [span.name];
  };
  expect(wayTo(named(spans, 'payments', 'POST /captures')!)).toEqual([
    'POST /api/orders',
    'publish payment.capture',
    'job payment.capture',
    'POST /captures',
    'POST /captures',
  ]);
  expect(wayTo(named(spans, 'worker', 'send mail')!)).toEqual([
    'POST /api/orders',
    'publish mail.order-confirmation',
    'job mail.order-confirmation',
    'send mail',
  ]);
  // Statements to PgBouncer and commands to Redis are below the work that sent them.
  for (const service of ['api', 'worker', 'payments']) {
    expect(spans.some((span) => span.service === service && span.name.startsWith('sql '))).toBe(true);
  }
  expect(spans.some(({ service, name }) => service === 'api' && name.startsWith('redis '))).toBe(true);
  for (const span of spans) if (span !== request) expect(wayTo(span)[0]).toBe(request.name);
});
