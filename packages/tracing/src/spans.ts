import {
  type Attributes,
  type Context,
  context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api';

export { SpanKind };

export type SpanDescription = { kind?: SpanKind; attributes?: Attributes };

/** Made anew for each span: until tracing starts, OpenTelemetry's own object stands behind it, which does nothing. */
export const tracer = () => trace.getTracer('shop');

/** Whether spans of this context are recorded. Where no trace was begun, this is one look at an empty store. */
export const isTraced = (scope: Context = context.active()): boolean =>
  ((trace.getSpanContext(scope)?.traceFlags ?? TraceFlags.NONE) & TraceFlags.SAMPLED) !== 0;

/**
 * Runs `work` as a span of the trace that the caller belongs to. Outside of a trace it only runs `work`: this function
 * begins none.
 */
export function inSpan<T>(
  name: string,
  description: SpanDescription,
  work: (span?: Span) => Promise<T>,
): Promise<T> {
  if (!isTraced()) return work();
  return tracer().startActiveSpan(name, description, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      fail(span, error);
      throw error;
    } finally {
      span.end();
    }
  });
}

/** As `inSpan`, for work that another process asked for: `traceparent` is what that process wrote down. */
export function continueTrace<T>(
  traceparent: string | null | undefined,
  name: string,
  description: SpanDescription,
  work: () => Promise<T>,
): Promise<T> {
  return traceparent ? context.with(contextOf(traceparent), () => inSpan(name, description, work)) : work();
}

/** A span of a trace that another process has begun, for work that several traces share. */
export function openSpan(place: string | null, name: string, description: SpanDescription): OpenSpan {
  const parent = place ? contextOf(place) : ROOT_CONTEXT;
  if (!isTraced(parent)) return { end() {} };
  const span = tracer().startSpan(name, description, parent);
  return { traceparent: traceparent(trace.setSpan(parent, span)), end: () => span.end() };
}

/** `traceparent` is for the process that continues the work. */
export type OpenSpan = { traceparent?: string; end(): void };

/** Marks a span as failed. It has the error's kind and message, and no stack: the log has that. */
export function fail(span: Span, error: unknown): void {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  span.setAttribute('error.type', name);
  span.setStatus({ code: SpanStatusCode.ERROR, message });
}

/**
 * The caller's place in its trace, as one line of text (https://www.w3.org/TR/trace-context/), for another process that
 * continues the work: undefined outside of a trace.
 */
export function traceparent(scope: Context = context.active()): string | undefined {
  if (!isTraced(scope)) return undefined;
  const carrier: { traceparent?: string } = {};
  propagation.inject(scope, carrier);
  return carrier.traceparent;
}

/** Nothing but the place is taken over, in particular no `tracestate` and no baggage of a client. */
export const contextOf = (place: string): Context =>
  propagation.extract(ROOT_CONTEXT, { traceparent: place });

/** What a line of the log says about the trace in which it was written. */
export function traceIds(): { trace_id?: string; span_id?: string } {
  const active = trace.getSpanContext(context.active());
  return active ? { trace_id: active.traceId, span_id: active.spanId } : {};
}
