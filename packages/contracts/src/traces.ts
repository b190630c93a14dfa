/** A piece of work of one process, as the store of traces answers with it. Times are in milliseconds since 1970. */
export type TracedSpan = {
  traceId: string;
  spanId: string;
  /** Left out where the trace begins, and where the caller's own span is not recorded here. */
  parentSpanId?: string;
  name: string;
  /** `api`, `worker` or `payments`. */
  service: string;
  startMs: number;
  endMs: number;
  failed: boolean;
  attributes: Record<string, string | number | boolean>;
};

/** A traced request, without its spans. `durationMs` is the time until its answer was sent: jobs come later. */
export type TracedRequest = {
  requestId: string;
  /** Method and route, such as `POST /api/orders`. */
  name: string;
  startMs: number;
  durationMs: number;
  failed: boolean;
};

/** The attribute of a request's span that has the request's id (`x-request-id`). */
export const requestIdAttribute = 'shop.request.id';
