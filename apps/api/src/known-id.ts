import { validate as isUuid } from 'uuid';
import { Refusal } from './problem.ts';

/**
 * An id out of a path, in lower case, as Postgres writes it.
 *
 * @throws Refusal `not-found`: what is no id belongs to nothing.
 */
export function knownId(text: string): string {
  if (!isUuid(text)) throw new Refusal('not-found');
  return text.toLowerCase();
}
