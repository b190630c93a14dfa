import { type Problem, type ProblemCode, problems } from '@shop/contracts/problems.ts';

type Details = Pick<Problem, 'detail' | 'errors' | 'products'> & { retryAfterSeconds?: number };

/**
 * An error with a code of the contract. Services throw it, and `plugins/problems.ts` answers it. Thrown inside a
 * transaction, it rolls the transaction back.
 */
export class ProblemError extends Error {
  override name = 'ProblemError';
  readonly code: ProblemCode;
  readonly status: number;
  readonly details: Details;

  constructor(code: ProblemCode, details: Details = {}) {
    super(details.detail ?? problems[code].title);
    this.code = code;
    this.status = problems[code].status;
    this.details = details;
  }
}

/** For a value that only the database can check: 422 with the path of the value, like the schema's own errors. */
export function validationError(path: string, message: string): ProblemError {
  return new ProblemError('validation-failed', { errors: [{ path, message }] });
}
