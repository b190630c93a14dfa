/**
 * How the router reads and writes the query string of an address. Every value is text: `?q=27` searches for the text
 * "27". Routes turn into numbers and flags what they know to be such (`validateSearch`).
 */
export function parseSearch(query: string): Record<string, string> {
  const found = new Map<string, string>();
  // The first of a name counts.
  for (const [name, value] of new URLSearchParams(query)) if (!found.has(name)) found.set(name, value);
  return Object.fromEntries(found);
}

export function stringifySearch(search: Record<string, unknown>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) if (value !== undefined) query.set(name, String(value));
  return query.size > 0 ? `?${query}` : '';
}

/** A number as an address carries it: digits with a decimal point; a link inside the page has it as a number. */
export function numberIn(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^\d{1,15}(?:\.\d{1,15})?$/.test(value) ? Number(value) : undefined;
}

export const flagIn = (value: unknown): true | undefined =>
  value === true || value === 'true' ? true : undefined;

/** A text that is not empty, at most `maxLength` code points of it. */
export const textIn = (value: unknown, maxLength = 200): string | undefined =>
  typeof value === 'string' && value !== '' ? Array.from(value).slice(0, maxLength).join('') : undefined;
