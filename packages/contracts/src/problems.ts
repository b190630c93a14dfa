import { type Static, Type } from 'typebox';

/**
 * Every error of the API: code → status and title. The list is closed; each code has a page at /errors/<code>. The
 * format is RFC 9457 (https://www.rfc-editor.org/rfc/rfc9457).
 */
export const problems = {
  'invalid-json': { status: 400, title: 'The body is not valid JSON' },
  'invalid-cursor': { status: 400, title: 'The cursor is not one of ours' },
  'invalid-header': { status: 400, title: 'A header is malformed' },
  'idempotency-key-invalid': { status: 400, title: 'The Idempotency-Key is malformed' },
  'idempotency-key-required': { status: 400, title: 'This call needs an Idempotency-Key' },
  'not-authenticated': { status: 401, title: 'Log in first' },
  'session-ended': { status: 401, title: 'Your session has ended' },
  'invalid-credentials': { status: 401, title: 'E-mail or password is wrong' },
  'access-token-expired': { status: 401, title: 'The access token has expired' },
  'access-token-invalid': { status: 401, title: 'The access token is not valid' },
  'refresh-token-invalid': { status: 401, title: 'The refresh token is not valid' },
  'refresh-token-reused': { status: 401, title: 'The refresh token was used before' },
  'cross-origin': { status: 403, title: 'This call came from another site' },
  'not-admin': { status: 403, title: 'Only for administrators' },
  'not-a-buyer': { status: 403, title: 'Only buyers may review a product' },
  'not-found': { status: 404, title: 'There is nothing here' },
  'method-not-allowed': { status: 405, title: 'This address does not answer that method' },
  'email-taken': { status: 409, title: 'This e-mail address has an account' },
  'session-changed': { status: 409, title: 'Another customer is logged in' },
  'request-in-progress': { status: 409, title: 'The same request is still running' },
  'out-of-stock': { status: 409, title: 'Not enough stock' },
  'order-not-cancellable': { status: 409, title: 'This order can no longer be cancelled' },
  'order-not-shippable': { status: 409, title: 'This order cannot be shipped' },
  'upload-missing': { status: 409, title: 'Nothing was uploaded yet' },
  'upload-not-ready': { status: 409, title: 'This picture is not ready' },
  'already-reviewed': { status: 409, title: 'You have reviewed this product' },
  'slug-taken': { status: 409, title: 'Another product has this slug' },
  'stock-negative': { status: 409, title: 'Stock cannot go below zero' },
  'upload-expired': { status: 410, title: 'The upload came too late' },
  'cart-changed': { status: 412, title: 'The cart has changed' },
  'body-too-large': { status: 413, title: 'The body is too large' },
  'upload-too-large': { status: 413, title: 'The picture is too large' },
  'unsupported-media-type': { status: 415, title: 'This media type is not supported' },
  'validation-failed': { status: 422, title: 'Some values are not valid' },
  'idempotency-key-reused': { status: 422, title: 'The key was used with another body' },
  'cart-empty': { status: 422, title: 'The cart is empty' },
  'rate-limited': { status: 429, title: 'Too many requests' },
  overloaded: { status: 429, title: 'The shop is at its limit' },
  unavailable: { status: 503, title: 'Not available right now' },
  'deadline-exceeded': { status: 504, title: 'It took too long' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof problems;
export const problemCodes = Object.keys(problems) as ProblemCode[];

/** The schema keyword that names the codes of a schema's errors; without it the code is `validation-failed`. */
export const refusedWithKeyword = 'x-refused-with';

/** For a schema: the error code for each of its keywords that a value can violate, such as `maximum`. */
export const refusedWith = (codes: Record<string, ProblemCode>) => ({ [refusedWithKeyword]: codes });

export const Problem = Type.Object(
  {
    type: Type.String({
      description: 'Path of the page that explains the code',
      examples: ['/errors/not-found'],
    }),
    title: Type.String(),
    status: Type.Integer({ minimum: 400, maximum: 599 }),
    code: Type.Enum(problemCodes),
    requestId: Type.String(),
    detail: Type.Optional(Type.String()),
    errors: Type.Optional(
      Type.Array(
        Type.Object({
          path: Type.String({
            description: 'JSON Pointer into the request',
            examples: ['/body/items/0/quantity'],
          }),
          message: Type.String(),
        }),
      ),
    ),
    products: Type.Optional(
      Type.Array(
        Type.Object({
          productId: Type.String(),
          name: Type.String(),
          requested: Type.Integer(),
          available: Type.Integer(),
        }),
        { description: 'With `out-of-stock`: every line that is short' },
      ),
    ),
  },
  { $id: 'Problem', title: 'Problem', additionalProperties: false },
);
export type Problem = Static<typeof Problem>;
