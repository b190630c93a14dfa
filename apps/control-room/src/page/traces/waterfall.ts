import type { TracedSpan } from '../../shared/traces.ts';

/** A row of the waterfall. `from` and `width` are shares of the whole trace, from 0 to 1. */
export interface Row {
  span: TracedSpan;
  depth: number;
  /** Milliseconds since the first span began. */
  offsetMs: number;
  durationMs: number;
  from: number;
  width: number;
}

/** Deeper spans stand as far to the right as this: names stay readable on a phone. */
const deepest = 6;

/** The spans as rows: each below the one that caused it, and those that one caused in the order in which they began. */
export function rowsOf(spans: TracedSpan[]): Row[] {
  const start = Math.min(...spans.map(({ startMs }) => startMs));
  const whole = Math.max(...spans.map(({ endMs }) => endMs)) - start || 1;
  const known = new Set(spans.map(({ spanId }) => spanId));
  const below = Map.groupBy(spans, ({ parentSpanId }) =>
    parentSpanId !== undefined && known.has(parentSpanId) ? parentSpanId : undefined,
  );
  const rows = (parent: string | undefined, depth: number): Row[] =>
    (below.get(parent) ?? [])
      .toSorted((a, b) => a.startMs - b.startMs)
      .flatMap((span) => {
        const offsetMs = span.startMs - start;
        const durationMs = span.endMs - span.startMs;
        const row = { span, depth, offsetMs, durationMs, from: offsetMs / whole, width: durationMs / whole };
        return [row, ...rows(span.spanId, Math.min(depth + 1, deepest))];
      });
  return rows(undefined, 0);
}

const digits = [2, 1, 0].map((count) => new Intl.NumberFormat('en-GB', { maximumFractionDigits: count }));

/** `0.42 ms`, `12.3 ms`, `1,250 ms`. */
export const milliseconds = (value: number) =>
  `${digits[value < 10 ? 0 : value < 100 ? 1 : 2]!.format(value)} ms`;

/** A row in a sentence, for screen readers. */
export const inWords = ({ span, offsetMs, durationMs }: Row) =>
  `${span.service}: ${span.name}, ${milliseconds(durationMs)}, after ${milliseconds(offsetMs)}${span.failed ? ', failed' : ''}`;

/** How long the request took, and how long until everything that it caused was done, in words. */
export function summaryOf(rows: Row[]): string {
  const [first] = rows;
  if (!first) return '';
  const end = Math.max(...rows.map(({ offsetMs, durationMs }) => offsetMs + durationMs));
  const services = [...new Set(rows.map(({ span }) => span.service))].join(', ');
  const answered = `answered after ${milliseconds(first.durationMs)}`;
  const done = end > first.durationMs * 1.01 ? `, everything done after ${milliseconds(end)}` : '';
  return `${first.span.name}: ${answered}${done}. Spans: ${rows.length}, of ${services}.`;
}
