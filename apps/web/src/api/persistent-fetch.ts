import pRetry, { AbortError, type RetryContext } from 'p-retry';
import { currentEdge, edgeCount, leaveEdge, untilEdgeIsLeft } from './edges.ts';
import { traceCall } from './trace.ts';
import { noteTrouble } from './trouble.ts';

/** Longer than any answer of a healthy shop; a silent edge must not keep a shopper waiting for longer. */
const readTimeoutMs = 6_000;
/** A write may wait for a database failover: the API's own deadline is 8 s. */
const writeTimeoutMs = 10_000;

/** All tries together last at least half a minute, as long as the slowest failover of the shop. */
const schedule = { retries: 9, minTimeout: 200, factor: 2, maxTimeout: 5_000, randomize: true };

class NoAnswer extends Error {}
class NotNow extends Error {
  readonly response: Response;
  constructor(response: Response) {
    super(`Answered ${response.status}`);
    this.response = response;
  }
}

const isRead = (method: string) => method === 'GET' || method === 'HEAD';

/** Sending it twice is safe, because of its method or because it has a key. */
const isRepeatable = (request: Request) =>
  ['GET', 'HEAD', 'PUT', 'DELETE'].includes(request.method) || request.headers.has('idempotency-key');

/**
 * 503, 504 (502: some proxy on the way) and 429 `overloaded` mean "try later"; 409 with Retry-After is a concurrent
 * duplicate of this call that is still running.
 */
const isNotNow = ({ status, headers }: Response) =>
  [502, 503, 504].includes(status) || ((status === 429 || status === 409) && headers.has('retry-after'));

/** A date instead of seconds counts as 0: the schedule's own pause is enough. */
const retryAfterMs = (error: Error) =>
  error instanceof NotNow ? (Number(error.response.headers.get('retry-after')) || 0) * 1_000 : 0;

/** A limit such as ten failed logins in a quarter of an hour is too long to wait for: the page shows it instead. */
const longestWaitMs = 5_000;

/**
 * `fetch` that does not give up at the first failure. It sends a repeatable call again, byte for byte and with the same
 * Idempotency-Key, to the other edge if this one did not answer.
 *
 * @throws NoAnswer when no edge answered any attempt; the abort reason of the request's signal.
 */
export async function persistentFetch(request: Request): Promise<Response> {
  const startedAt = performance.now();
  const { method, headers, signal } = request;
  const { pathname, search } = new URL(request.url);
  const body = isRead(method) ? undefined : await request.text();
  let url = new URL(request.url);
  let attempts = 0;
  let calmDown: (() => void) | undefined;

  async function attempt(attemptNumber: number): Promise<Response> {
    attempts = attemptNumber;
    const edge = currentEdge();
    url = new URL(`${pathname}${search}`, edge);
    const patience = isRead(method)
      ? [AbortSignal.timeout(readTimeoutMs), untilEdgeIsLeft()]
      : [AbortSignal.timeout(writeTimeoutMs)];
    let response: Response;
    try {
      const credentials = 'include';
      response = await fetch(url, {
        method,
        headers,
        body,
        credentials,
        signal: AbortSignal.any([signal, ...patience]),
      });
      // A connection can also end within a body, so an answer counts when all of it has arrived. The clone keeps what it reads.
      await response.clone().arrayBuffer();
    } catch (cause) {
      if (signal.aborted) throw new AbortError(cause as Error);
      leaveEdge(edge);
      throw new NoAnswer(`${method} ${pathname}: no answer`, { cause });
    }
    if (isNotNow(response)) throw new NotNow(response);
    return response;
  }

  /** Asked only while tries are left: the last answer, and one that may not be asked for again, are not waited after. */
  async function mayTryAgain({ error, retryDelay, attemptNumber }: RetryContext): Promise<boolean> {
    if (!isRepeatable(request) || retryAfterMs(error) > longestWaitMs) return false;
    // The page does not mention the first change of edges: it costs a fraction of a second.
    if (attemptNumber >= edgeCount()) calmDown ??= noteTrouble(!isRead(method));
    const extraMs = retryAfterMs(error) - retryDelay;
    if (extraMs > 0) await new Promise((done) => setTimeout(done, extraMs));
    return true;
  }

  let response: Response | undefined;
  try {
    response = await pRetry(attempt, {
      ...schedule,
      signal,
      shouldRetry: mayTryAgain,
    });
    return response;
  } catch (error) {
    if (!(error instanceof NotNow)) throw error;
    response = error.response;
    return response;
  } finally {
    calmDown?.();
    if (!signal.aborted)
      traceCall({ method, url, response, attempts, durationMs: performance.now() - startedAt });
  }
}
