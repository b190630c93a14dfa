/**
 * How the router reads and writes the query string of an address. Every value is text: `?q=27` searches for the text
 * "27". Routes convert the values that they know to be numbers and flags (`validateSearch`).
 */
export function parseSearch(query: string): Record<string, string> {
  const found = new Map<string, string>();
  // Of several values with one name, the first counts.
  for (const [name, value] of new URLSearchParams(query)) if (!found.has(name)) found.set(name, value);
  return Object.fromEntries(found);
}

export function stringifySearch(search: Record<string, unknown>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) if (value !== undefined) query.set(name, String(value));
  return query.size > 0 ? `?${query}` : '';
}

/** A number as an address has it: digits with a decimal point; a link inside the page has it as a number. */
export function numberIn(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^\d{1,15}(?:\.\d{1,15})?$/.test(value) ? Number(value) : undefined;
}

export const flagIn = (value: unknown): true | undefined =>
  value === true || value === 'true' ? true : undefined;

/** One line of text, which the API takes: a control character, such as a tab out of a spreadsheet, counts as a space. */
export const lineOf = (text: string): string => text.toWellFormed().replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');

/** A line that is not empty, cut to `maxLength` code points. */
export const textIn = (value: unknown, maxLength = 200): string | undefined =>
  typeof value === 'string' && value !== ''
    ? Array.from(lineOf(value)).slice(0, maxLength).join('')
    : undefined;

/**
 * The address of a page of this shop, as a link has it. A link must not send a shopper to another site after the login,
 * and a browser reads more as another site than `//` (it drops tabs and line breaks, and turns backslashes round).
 */
export function pageIn(value: unknown, origin = location.origin): string | undefined {
  if (typeof value !== 'string' || !value.startsWith('/') || !URL.canParse(value, origin)) return undefined;
  const url = new URL(value, origin);
  const page = url.pathname + url.search + url.hash;
  return url.origin === origin && !page.startsWith('//') ? page : undefined;
}
