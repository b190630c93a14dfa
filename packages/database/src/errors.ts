import type { DatabaseError } from 'pg';

/** The commit was sent and its answer was lost: the effects may or may not exist. Only a keyed call may be retried. */
export class CommitUnknownError extends Error {
  override name = 'CommitUnknownError';
}

/** SQLSTATE of a PostgreSQL error, also when the query builder has wrapped it. */
export function sqlState(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { code, severity } = cause as DatabaseError;
    // Only an error from a server has a severity. Without this check `EPIPE` would look like an SQLSTATE.
    if (code !== undefined && severity !== undefined && /^[0-9A-Z]{5}$/.test(code)) return code;
  }
  return undefined;
}

/** The name of the constraint that a statement violated, if any. */
export function violatedConstraint(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const constraint = (cause as DatabaseError).constraint;
    if (constraint) return constraint;
  }
  return undefined;
}

const transientStates = new Set([
  '25006', // read-only transaction: reached a primary that has just been demoted
  '25P03', // idle_in_transaction_session_timeout
  '40001', // serialization failure
  '40P01', // deadlock
  '53100', // disk full: this node will not be the primary for long
  '53300', // too many connections
  '57P01', // administrator shutdown
  '57P02', // crash shutdown
  '57P03', // cannot connect now: starting up
]);

const transientSystemErrors = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

const transientMessages =
  /Connection terminated|Query read timeout|timeout expired|timeout exceeded when trying to connect|not queryable|Client was closed/;

/** Whether the same work could succeed on another connection, because a server or the path to it has failed. */
export function isTransient(error: unknown): boolean {
  const state = sqlState(error);
  // Class 08 is "connection exception"; PgBouncer answers 08P01 when it has lost or cannot reach a server.
  if (state) return state.startsWith('08') || transientStates.has(state);
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code && transientSystemErrors.has(code)) return true;
    if (transientMessages.test(cause.message)) return true;
    if (cause instanceof AggregateError && cause.errors.some(isTransient)) return true;
  }
  return false;
}
