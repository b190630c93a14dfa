/** Why a call is not done, in words for the person who made it. */
export class Refusal extends Error {
  readonly statusCode = 409;
}
