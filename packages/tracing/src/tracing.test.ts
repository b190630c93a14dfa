import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { startCollector } from './collector.ts';
import type { TracingConfig } from './settings.ts';
import { continueTrace, inSpan, openSpan, SpanKind, traceIds, traceparent } from './spans.ts';
import { startTracing } from './start.ts';

const ended: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0).reverse()) await end();
});

/** A place in a trace that some other process has begun. */
const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const callersSpan = '00f067aa0ba902b7';
const place = `00-${traceId}-${callersSpan}-01`;
const notSampled = `00-${traceId}-${callersSpan}-00`;

async function started(overrides: Partial<TracingConfig> = {}) {
  const collector = await startCollector();
  ended.push(collector.close);
  const config = { endpoint: collector.endpoint, sampler: 'parentbased_traceidratio', ratio: 1, delayMs: 10 };
  const stop = await startTracing('shop-test', { ...config, ...overrides } as TracingConfig);
  ended.push(stop);
  return { spans: collector.spans, stop };
}

describe('a trace', () => {
  test('continues from process to process by one line of text', async () => {
    const { spans, stop } = await started();
    let passedOn: string | undefined;
    await continueTrace(place, 'job', { kind: SpanKind.CONSUMER }, async () => {
      await inSpan('statement', { attributes: { rows: 3, name: 'find' } }, async () => {
        await sleep(2);
        passedOn = traceparent();
      });
    });
    await stop();
    const [job, statement] = ['job', 'statement'].map((name) => spans.find((span) => span.name === name));
    expect(job).toMatchObject({ traceId, parentSpanId: callersSpan, service: 'shop-test', failed: false });
    expect(statement).toMatchObject({
      traceId,
      parentSpanId: job?.spanId,
      attributes: { rows: 3, name: 'find' },
    });
    expect(passedOn).toBe(`00-${traceId}-${statement?.spanId}-01`);
    expect(statement!.endMs - statement!.startMs).toBeGreaterThan(1);
    // Each span counts from a start of its own, which is exact to a millisecond.
    expect(job!.endMs).toBeGreaterThan(statement!.endMs - 2);
  });

  test('is shared by work that belongs to several traces', async () => {
    const { spans, stop } = await started();
    const one = openSpan(place, 'publish', {});
    const none = openSpan(null, 'publish', {});
    one.end();
    none.end();
    await stop();
    expect(spans).toMatchObject([{ traceId, parentSpanId: callersSpan, name: 'publish' }]);
    expect(one.traceparent).toBe(`00-${traceId}-${spans[0]?.spanId}-01`);
    expect(none.traceparent).toBeUndefined();
  });

  test('says what failed, and the error reaches the caller', async () => {
    const { spans, stop } = await started();
    const failing = continueTrace(place, 'job', {}, async () => {
      throw new TypeError('no such order');
    });
    await expect(failing).rejects.toThrow('no such order');
    await stop();
    expect(spans).toMatchObject([{ name: 'job', failed: true, attributes: { 'error.type': 'TypeError' } }]);
  });

  test('is named in the lines of the log that are written in it', async () => {
    await started();
    const inside = await continueTrace(place, 'job', {}, async () => traceIds());
    expect(inside).toEqual({ trace_id: traceId, span_id: expect.stringMatching(/^[0-9a-f]{16}$/) });
    expect(traceIds()).toEqual({});
  });
});

describe('no span is made', () => {
  test.each([null, undefined, 'no traceparent', notSampled])('where the caller sent %s', async (sent) => {
    const { spans, stop } = await started({ sampler: 'always_on' });
    const seen = await continueTrace(sent, 'job', {}, () =>
      inSpan('statement', {}, async () => traceparent()),
    );
    await stop();
    expect(seen).toBeUndefined();
    expect(spans).toEqual([]);
  });

  test('when no collector is named', async () => {
    const { spans } = await started({ endpoint: '' });
    expect(await continueTrace(place, 'job', {}, async () => traceIds())).toEqual({});
    await sleep(50);
    expect(spans).toEqual([]);
  });
});

test('a collector that is silent costs the work nothing, and the end of the process a second at most', async () => {
  // Without a limit, the SDK waits ten seconds for it.
  const silent = createServer().listen(0, '127.0.0.1');
  ended.push(async () => silent.close());
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  const { stop } = await started({ endpoint: `http://127.0.0.1:${port}` });
  expect(await continueTrace(place, 'job', {}, async () => 'done')).toBe('done');
  const from = performance.now();
  await stop();
  expect(performance.now() - from).toBeLessThan(5_000);
});
