import { context, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { requestIdAttribute } from '@shop/contracts/traces.ts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import type { TracingConfig } from './settings.ts';
import { contextOf, isTraced, tracer } from './spans.ts';

type Options = {
  config: { tracing: Pick<TracingConfig, 'endpoint'> };
  /** Paths that begin with this may begin a trace. If it is left out, requests only continue the trace of their caller. */
  begins?: string;
  /**
   * How many traces the callers may ask for in a second, by a `traceparent` with the flag for "sampled". Left out where
   * only our own programs call.
   */
  callersPerSecond?: number;
};

/** A client chooses the path; the rest of a longer one would only fill the collector. */
const longestPath = 200;

/** Makes a span of each request that is traced, from its first byte to the end of its answer or of its connection. */
export default fp<Options>(
  async (app, { config, begins, callersPerSecond = Number.POSITIVE_INFINITY }) => {
    if (!config.tracing.endpoint) return;
    const admits = perSecond(callersPerSecond);

    app.addHook('onRequest', (request, reply, done) => {
      const sent = request.headers.traceparent;
      const caller = typeof sent === 'string' ? contextOf(sent) : ROOT_CONTEXT;
      const continues = isTraced(caller) && admits();
      if (!continues && !(begins && request.url.startsWith(begins))) return done();
      const parent = continues ? caller : ROOT_CONTEXT;
      const span = tracer().startSpan(request.method, { kind: SpanKind.SERVER }, parent);
      if (!span.isRecording()) return done();
      span.setAttributes({
        'http.request.method': request.method,
        'url.path': request.url.split('?')[0]?.slice(0, longestPath),
        // Behind the API, a request has an id of its own, which no client knows.
        ...(begins && { [requestIdAttribute]: request.id }),
      });
      const edge = request.headers['x-edge'];
      if (typeof edge === 'string') span.setAttribute('shop.edge', edge);
      // Also without an answer, when the client has gone: then Fastify calls no hook for the end of it.
      reply.raw.once('close', () => end(span, request, reply));
      context.with(trace.setSpan(parent, span), done);
    });
  },
  { name: 'tracing' },
);

function end(span: Span, request: FastifyRequest, reply: FastifyReply): void {
  const route = request.routeOptions.url;
  if (route) span.setAttribute('http.route', route).updateName(`${request.method} ${route}`);
  if (reply.raw.writableEnded) {
    span.setAttribute('http.response.status_code', reply.statusCode);
    if (reply.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
  } else {
    span.setAttribute('error.type', 'client_gone');
  }
  span.end();
}

/** Says yes at most `limit` times in a second. */
function perSecond(limit: number): () => boolean {
  let second = 0;
  let count = 0;
  return () => {
    const now = Math.floor(performance.now() / 1000);
    if (now !== second) [second, count] = [now, 0];
    count += 1;
    return count <= limit;
  };
}
