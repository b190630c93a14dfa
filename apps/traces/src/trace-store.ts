import { requestIdAttribute, type TracedRequest, type TracedSpan } from '@shop/contracts/traces.ts';

/** Spans of one trace beyond this are dropped: a caller may name one trace again and again. */
const mostSpansOfTrace = 1_000;

type Trace = { receivedAt: number; spans: TracedSpan[] };

/** The traces of the last minutes, in memory. The oldest goes first, by age or when there are too many spans. */
export class TraceStore {
  readonly #keepMs: number;
  readonly #mostSpans: number;
  readonly #now: () => number;
  /** In the order in which they began to arrive. */
  readonly #traces = new Map<string, Trace>();
  #spanCount = 0;

  constructor({ keepMs, mostSpans }: { keepMs: number; mostSpans: number }, now = Date.now) {
    this.#keepMs = keepMs;
    this.#mostSpans = mostSpans;
    this.#now = now;
  }

  /** @returns how many spans there are now. */
  get size(): number {
    return this.#spanCount;
  }

  add(spans: TracedSpan[]): void {
    for (const span of spans) {
      const trace = this.#traces.get(span.traceId) ?? { receivedAt: this.#now(), spans: [] };
      this.#traces.set(span.traceId, trace);
      if (trace.spans.length >= mostSpansOfTrace) continue;
      trace.spans.push(span);
      this.#spanCount += 1;
    }
    this.#forget();
  }

  /** All spans of the traces that a request belongs to: two, if an edge sent it to a second replica. */
  spansOf(requestId: string): TracedSpan[] {
    this.#forget();
    return [...this.#traces.values()]
      .filter(({ spans }) => spans.some(({ attributes }) => attributes[requestIdAttribute] === requestId))
      .flatMap(({ spans }) => spans)
      .toSorted((a, b) => a.startMs - b.startMs);
  }

  /** The requests that ended in the last `seconds`, the slowest first. */
  slowest(seconds: number, limit: number): TracedRequest[] {
    const since = this.#now() - seconds * 1000;
    const requests = [...this.#traces.values()].flatMap(({ spans }) => spans.flatMap(requestOf));
    return requests
      .filter(({ startMs, durationMs }) => startMs + durationMs >= since)
      .toSorted((a, b) => b.durationMs - a.durationMs)
      .slice(0, limit);
  }

  #forget(): void {
    const oldest = this.#now() - this.#keepMs;
    for (const [traceId, { receivedAt, spans }] of this.#traces) {
      if (receivedAt >= oldest && this.#spanCount <= this.#mostSpans) return;
      this.#traces.delete(traceId);
      this.#spanCount -= spans.length;
    }
  }
}

function requestOf({ name, startMs, endMs, failed, attributes }: TracedSpan): TracedRequest[] {
  const requestId = attributes[requestIdAttribute];
  return typeof requestId === 'string'
    ? [{ requestId, name, startMs, durationMs: endMs - startMs, failed }]
    : [];
}
