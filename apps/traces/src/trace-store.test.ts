import { requestIdAttribute, type TracedSpan } from '@shop/contracts/traces.ts';
import { expect, test } from 'vitest';
import { TraceStore } from './trace-store.ts';

let now = 1_000_000;
const store = (limits = {}) => new TraceStore({ keepMs: 60_000, mostSpans: 100, ...limits }, () => now);

/** A request of 20 ms that ends now, unless it is told otherwise. */
function request(requestId: string, overrides: Partial<TracedSpan> & { lastsMs?: number } = {}): TracedSpan {
  const { lastsMs = 20, ...rest } = overrides;
  return {
    traceId: `trace-of-${requestId}`,
    spanId: `span-of-${requestId}`,
    name: 'GET /api/cart',
    service: 'api',
    startMs: now - lastsMs,
    endMs: now,
    failed: false,
    attributes: { [requestIdAttribute]: requestId },
    ...rest,
  };
}
const job = (traceId: string): TracedSpan => ({
  ...request('none', { traceId, spanId: 'job', name: 'job', service: 'worker' }),
  startMs: now + 100,
  endMs: now + 130,
  attributes: {},
});

test('finds what belongs to a request, in whatever order it came', () => {
  const traces = store();
  traces.add([job('trace-of-order'), request('other')]);
  traces.add([request('order')]);
  expect(traces.spansOf('order').map(({ spanId }) => spanId)).toEqual(['span-of-order', 'job']);
  expect(traces.spansOf('unknown')).toEqual([]);
});

test('shows both tries of a request that an edge sent to a second replica', () => {
  const traces = store();
  traces.add([
    request('order', { traceId: 'second', spanId: 'second', startMs: now - 5 }),
    request('order', { traceId: 'first', spanId: 'first', startMs: now - 10 }),
  ]);
  expect(traces.spansOf('order').map(({ spanId }) => spanId)).toEqual(['first', 'second']);
});

test('names the slowest requests that ended in the last seconds', () => {
  const traces = store();
  traces.add([
    request('slow-but-old', { lastsMs: 500, startMs: now - 41_000, endMs: now - 40_500 }),
    request('quick', { lastsMs: 3 }),
    request('slow', { lastsMs: 90, name: 'POST /api/orders', failed: true }),
    request('usual'),
    job('trace-of-slow'),
  ]);
  const slowest = traces.slowest(30, 2);
  expect(slowest.map(({ requestId }) => requestId)).toEqual(['slow', 'usual']);
  expect(slowest[0]).toEqual({
    requestId: 'slow',
    name: 'POST /api/orders',
    startMs: now - 90,
    durationMs: 90,
    failed: true,
  });
  expect(traces.slowest(60, 1)[0]?.requestId).toBe('slow-but-old');
});

test('forgets a trace by its age', () => {
  const traces = store();
  traces.add([request('old')]);
  now += 59_000;
  traces.add([request('new')]);
  expect(traces.spansOf('old')).toHaveLength(1);
  now += 2_000;
  expect(traces.spansOf('old')).toEqual([]);
  expect(traces.spansOf('new')).toHaveLength(1);
});

test('forgets the oldest trace when there are too many spans', () => {
  const traces = store({ mostSpans: 3 });
  traces.add([request('a'), request('b'), job('trace-of-b'), request('c')]);
  expect(traces.size).toBe(3);
  expect(['a', 'b', 'c'].map((id) => traces.spansOf(id).length)).toEqual([0, 2, 1]);
});

test('a trace that never ends takes no more than its share', () => {
  const traces = store({ mostSpans: 10_000 });
  for (let round = 0; round < 30; round += 1)
    traces.add(Array.from({ length: 100 }, () => request('one', { traceId: 'endless' })));
  traces.add([request('two')]);
  expect(traces.spansOf('one')).toHaveLength(1_000);
  expect(traces.spansOf('two')).toHaveLength(1);
});
