import { STATUS_CODES } from 'node:http';
import { type Problem, type ProblemCode, problems } from '@shop/contracts/problems.ts';
import { isTransient } from '@shop/database/errors.ts';
import type { FastifyError, FastifyReply, FastifyRequest, FastifySchemaValidationError } from 'fastify';
import fp from 'fastify-plugin';
import { Refusal } from '../problem.ts';

/** Fastify's own refusals and the codes of the contract. */
const frameworkCodes: Record<string, ProblemCode> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported-media-type',
  FST_ERR_CTP_INVALID_TYPE: 'unsupported-media-type',
  FST_ERR_CTP_EMPTY_TYPE: 'unsupported-media-type',
  FST_ERR_CTP_BODY_TOO_LARGE: 'body-too-large',
  FST_ERR_CTP_INVALID_JSON_BODY: 'invalid-json',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'invalid-json',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'invalid-header',
  FST_ERR_BAD_URL: 'not-found',
  FST_ERR_MAX_PARAM_LENGTH: 'not-found',
};

/** Answers every error as `application/problem+json`; what nobody foresaw is logged and answered 503. */
export default fp(
  async (app) => {
    app.setErrorHandler((error: FastifyError, request, reply) => {
      const refusal = toRefusal(error, request);
      if (refusal.status >= 500) request.log.error({ err: error }, 'request failed');
      return sendProblem(reply, refusal);
    });
  },
  { name: 'problems' },
);

/** Sends a refusal; also for places where Fastify's error handler does not run. */
export function sendProblem(reply: FastifyReply, refusal: Refusal): FastifyReply {
  const { retryAfterSeconds, ...details } = refusal.details;
  const problem: Problem = {
    type: `/errors/${refusal.code}`,
    title: problems[refusal.code].title,
    status: refusal.status,
    code: refusal.code,
    requestId: reply.request.id,
    ...details,
  };
  const wait = retryAfterSeconds ?? (refusal.status === 429 || refusal.status === 503 ? 1 : undefined);
  if (wait !== undefined) reply.header('retry-after', String(wait));
  return reply
    .code(refusal.status)
    .header('cache-control', 'no-store')
    .type('application/problem+json')
    .serializer(JSON.stringify)
    .send(problem);
}

function toRefusal(error: FastifyError, request: FastifyRequest): Refusal {
  if (error instanceof Refusal) return error;
  if (error.validation) return fromValidation(error.validation, error.validationContext ?? 'body');
  const code = frameworkCodes[error.code];
  if (code) return new Refusal(code);
  if (error instanceof SyntaxError && error.statusCode === 400) return new Refusal('invalid-json');
  if (request.signal.aborted) return new Refusal('deadline-exceeded');
  if (error.statusCode && error.statusCode >= 400 && error.statusCode < 500) {
    const known = (Object.keys(problems) as ProblemCode[]).find(
      (c) => problems[c].status === error.statusCode,
    );
    if (known) return new Refusal(known, { detail: STATUS_CODES[error.statusCode] });
  }
  // A store that is away, or a fault of ours: the client may try again either way.
  return new Refusal('unavailable', isTransient(error) ? { detail: 'A store does not answer' } : {});
}

function fromValidation(issues: FastifySchemaValidationError[], part: string): Refusal {
  if (part === 'params') return new Refusal('not-found');
  const where = part === 'querystring' ? 'query' : part;
  const errors = issues.slice(0, 20).map((issue) => ({
    path: `/${where}${issue.instancePath}${missingOrUnknown(issue)}`,
    message: issue.message ?? 'is not valid',
  }));
  if (part === 'headers') {
    const aboutKey = errors.some((error) => error.path === '/headers/idempotency-key');
    return new Refusal(aboutKey ? 'idempotency-key-invalid' : 'invalid-header', { errors });
  }
  return new Refusal('validation-failed', { errors });
}

/** A missing or an unknown field is named by the error's parameters, not by its path. */
function missingOrUnknown({ params }: FastifySchemaValidationError): string {
  const field = params.missingProperty ?? params.additionalProperty;
  return typeof field === 'string' ? `/${field.replaceAll('~', '~0').replaceAll('/', '~1')}` : '';
}
