import { type Problem, type ProblemCode, problems } from '@shop/contracts/problems.ts';

type Details = Pick<Problem, 'detail' | 'errors' | 'products'> & { retryAfterSeconds?: number };

/**
 * A refusal that the contract knows. Services throw it, `plugins/problems.ts` answers it;
 * thrown inside a transaction it rolls everything back.
 */
export class Refusal extends Error {
  override name = 'Refusal';
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

/** A value that the schema could not judge, refused like one that it could: 422 with the path of the value. */
export function invalid(path: string, message: string): Refusal {
  return new Refusal('validation-failed', { errors: [{ path, message }] });
}
