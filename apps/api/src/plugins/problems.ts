import { STATUS_CODES } from 'node:http';
import { type Problem, type ProblemCode, problems, refusedWithKeyword } from '@shop/contracts/problems.ts';
import { isTransient } from '@shop/database/errors.ts';
import type { FastifyError, FastifyReply, FastifyRequest, FastifySchemaValidationError } from 'fastify';
import fp from 'fastify-plugin';
import { ProblemError } from '../problem-error.ts';

/** The contract's code for each error that Fastify itself raises. */
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

/** Answers every error as `application/problem+json`; an unexpected error is logged and answered 503. */
export default fp(
  async (app) => {
    app.setErrorHandler((error: FastifyError, request, reply) => {
      const problem = toProblemError(error, request);
      if (problem.status >= 500) request.log.error({ err: error }, 'request failed');
      return sendProblem(reply, problem);
    });
  },
  { name: 'problems' },
);

/** Answers an address that the router cannot read. No hook and no error handler runs for it. */
export function refuseAddress(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  reply.header('x-request-id', request.id);
  sendProblem(reply, toProblemError(error, request));
}

/** Sends a problem; also for places where Fastify's error handler does not run. */
export function sendProblem(reply: FastifyReply, error: ProblemError): FastifyReply {
  const { retryAfterSeconds, ...details } = error.details;
  const problem: Problem = {
    type: `/errors/${error.code}`,
    title: problems[error.code].title,
    status: error.status,
    code: error.code,
    requestId: reply.request.id,
    ...details,
  };
  const wait = retryAfterSeconds ?? (error.status === 429 || error.status === 503 ? 1 : undefined);
  if (wait !== undefined) reply.header('retry-after', String(wait));
  if (error.status === 401) reply.header('www-authenticate', challengeOf(error.code));
  return reply
    .code(error.status)
    .header('cache-control', 'no-store')
    .type('application/problem+json')
    .serializer(JSON.stringify)
    .send(problem);
}

/** How to authenticate, which every 401 has to say (RFC 9110 §11.6.1), and what is wrong with a token (RFC 6750 §3). */
function challengeOf(code: ProblemCode): string {
  const realm = 'Bearer realm="shop"';
  return code === 'access-token-expired' || code === 'access-token-invalid'
    ? `${realm}, error="invalid_token", error_description="${problems[code].title}"`
    : realm;
}

function toProblemError(error: FastifyError, request: FastifyRequest): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error.validation) return fromValidation(error.validation, error.validationContext ?? 'body');
  const code = frameworkCodes[error.code];
  if (code) return new ProblemError(code);
  if (error instanceof SyntaxError && error.statusCode === 400) return new ProblemError('invalid-json');
  if (request.signal.aborted) return new ProblemError('deadline-exceeded');
  if (error.statusCode && error.statusCode >= 400 && error.statusCode < 500) {
    const known = (Object.keys(problems) as ProblemCode[]).find(
      (c) => problems[c].status === error.statusCode,
    );
    if (known) return new ProblemError(known, { detail: STATUS_CODES[error.statusCode] });
  }
  // A store does not answer, or the error is a defect: the client may try again either way.
  return new ProblemError('unavailable', isTransient(error) ? { detail: 'A store does not answer' } : {});
}

function fromValidation(issues: FastifySchemaValidationError[], part: string): ProblemError {
  if (part === 'params') return new ProblemError('not-found');
  const where = part === 'querystring' ? 'query' : part;
  const errors = issues.slice(0, 20).map((issue) => ({
    path: `/${where}${issue.instancePath}${missingOrUnknown(issue)}`,
    message: issue.message ?? 'is not valid',
  }));
  if (part === 'headers') {
    const aboutKey = errors.some((error) => error.path === '/headers/idempotency-key');
    return new ProblemError(aboutKey ? 'idempotency-key-invalid' : 'invalid-header', { errors });
  }
  return new ProblemError(codeOf(issues[0]) ?? 'validation-failed', { errors });
}

/** The code that the schema itself names for what fails one of its keywords. */
function codeOf(issue: FastifySchemaValidationError | undefined): ProblemCode | undefined {
  const { keyword, parentSchema } = (issue ?? {}) as { keyword?: string; parentSchema?: object };
  const codes =
    parentSchema && (parentSchema as Record<string, Record<string, ProblemCode>>)[refusedWithKeyword];
  return keyword === undefined ? undefined : codes?.[keyword];
}

/** A missing or an unknown field is named by the error's parameters, not by its path. */
function missingOrUnknown({ params }: FastifySchemaValidationError): string {
  const field = params.missingProperty ?? params.additionalProperty;
  return typeof field === 'string' ? `/${field.replaceAll('~', '~0').replaceAll('/', '~1')}` : '';
}
