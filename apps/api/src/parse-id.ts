import { validate as isUuid } from 'uuid';
import { ProblemError } from './problem-error.ts';

/**
 * Parses an id from a path. @returns the id in lower case, as Postgres writes it.
 *
 * @throws ProblemError `not-found` when the text is not a UUID.
 */
export function parseId(text: string): string {
  if (!isUuid(text)) throw new ProblemError('not-found');
  return text.toLowerCase();
}
