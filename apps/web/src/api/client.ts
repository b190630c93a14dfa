import type { Problem, ProblemCode } from '@shop/contracts/problems.ts';
import createClient, { type Middleware } from 'openapi-fetch';
import type { paths } from './openapi.gen.d.ts';
import { answered, keyFor } from './pending-keys.ts';
import { persistentFetch } from './persistent-fetch.ts';

/** A refusal of the API (RFC 9457), or a substitute when another server answered. */
export class ProblemError extends Error {
  readonly code: ProblemCode;
  readonly status: number;
  readonly problem: Partial<Problem>;

  constructor(status: number, problem: Partial<Problem>) {
    super(problem.detail ?? problem.title ?? 'Something went wrong');
    this.status = status;
    this.code = problem.code ?? 'unavailable';
    this.problem = problem;
  }
}

export const isProblem = (error: unknown, code?: ProblemCode): error is ProblemError =>
  error instanceof ProblemError && (code === undefined || error.code === code);

/**
 * Every POST and PATCH has a key, so that each can be sent again. A cart change with `If-Match` has one, too: sent
 * again without a key, it would fail on the version that it has itself made.
 */
const keyed: Middleware = {
  async onRequest({ request }) {
    const isKeyed = ['POST', 'PATCH'].includes(request.method) || request.headers.has('if-match');
    if (!isKeyed || request.headers.has('idempotency-key')) return;
    const key = await keyFor(request);
    request.headers.set('idempotency-key', key);
  },
};

/** Whether the answer says what happened to the call. After any other answer the call may still happen. */
const isFinal = ({ status, headers }: Response) =>
  status < 500 && !(status === 409 && headers.has('retry-after'));

export const api = createClient<paths>({
  baseUrl: location.origin,
  credentials: 'include',
  fetch: async (request) => {
    // The body can be read once only.
    const original = request.clone();
    const response = await persistentFetch(request);
    if (request.headers.has('idempotency-key') && isFinal(response)) await answered(original);
    return response;
  },
});
api.use(keyed);

/**
 * The body of a 2xx answer.
 *
 * @throws ProblemError for any other answer.
 */
export async function bodyOf<T>(
  call: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<T> {
  const { data, error, response } = await call;
  if (response.ok) return data as T;
  throw new ProblemError(response.status, typeof error === 'object' && error ? error : {});
}
