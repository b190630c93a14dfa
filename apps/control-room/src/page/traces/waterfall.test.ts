import { expect, test } from 'vitest';
import type { TracedSpan } from '../../shared/traces.ts';
import { inWords, milliseconds, rowsOf, summaryOf } from './waterfall.ts';

const span = (
  spanId: string,
  parentSpanId: string | undefined,
  startMs: number,
  lasts: number,
): TracedSpan => ({
  traceId: 'trace',
  spanId,
  ...(parentSpanId && { parentSpanId }),
  name: spanId,
  service: spanId.startsWith('job') ? 'worker' : 'api',
  startMs: 1_000 + startMs,
  endMs: 1_000 + startMs + lasts,
  failed: spanId === 'job',
  attributes: {},
});

// In the order in which two processes sent them; the request's own caller is not among them.
const spans = [
  span('job-sql', 'job', 120, 60),
  span('job', 'publish', 100, 100),
  span('second', 'request', 20, 5),
  span('first', 'request', 5, 10),
  span('request', 'of-the-caller', 0, 40),
  span('publish', 'request', 90, 2),
];

test('each span stands below the one that caused it, in the order of time', () => {
  expect(rowsOf(spans).map(({ span, depth }) => [span.name, depth])).toEqual([
    ['request', 0],
    ['first', 1],
    ['second', 1],
    ['publish', 1],
    ['job', 2],
    ['job-sql', 3],
  ]);
});

test('a bar has its place and its length in the whole trace', () => {
  const [request, first] = rowsOf(spans);
  expect(request).toMatchObject({ from: 0, width: 0.2, offsetMs: 0, durationMs: 40 });
  expect(first).toMatchObject({ from: 0.025, width: 0.05 });
});

test('a trace of one span that took no time has a row', () => {
  expect(rowsOf([span('request', undefined, 0, 0)])).toMatchObject([{ from: 0, width: 0 }]);
});

test('a reader of words gets the same', () => {
  const rows = rowsOf(spans);
  expect(inWords(rows[4]!)).toBe('worker: job, 100 ms, after 100 ms, failed');
  expect(summaryOf(rows)).toBe(
    'request: answered after 40 ms, everything done after 200 ms. Spans: 6, of api, worker.',
  );
  expect(summaryOf(rowsOf([spans[4]!]))).toBe('request: answered after 40 ms. Spans: 1, of api.');
  expect([0.123, 12.34, 1_234].map(milliseconds)).toEqual(['0.12 ms', '12.3 ms', '1,234 ms']);
});
