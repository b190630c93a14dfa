import { parse } from 'node:querystring';

/** The placeholder for bytes in a query that are not UTF-8. It is not valid Unicode, so every schema refuses it. */
const notUtf8 = '\ud800';

/**
 * Parses a query string. Every value stays text; schemas read numbers out of it (`typedQuery`). A `%` that starts no
 * escape stays a `%`; escapes that are not UTF-8 make a value that no schema accepts.
 */
export function parseQuery(query: string): Record<string, unknown> {
  return parse(query, '&', '=', { decodeURIComponent: decode });
}

function decode(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return notUtf8;
    }
  });
}

type Property = { type?: string };

/**
 * The values of a query as its schema types them: an integer is digits only, a boolean is `true` or `false`. Every
 * other value stays text, which the schema then refuses.
 */
export function typedQuery(query: Record<string, unknown>, properties: Record<string, Property>): void {
  for (const [name, value] of Object.entries(query)) {
    if (typeof value !== 'string') continue;
    const { type } = properties[name] ?? {};
    if (type === 'integer' && /^[0-9]+$/.test(value)) query[name] = Number(value);
    if (type === 'boolean' && /^(true|false)$/.test(value)) query[name] = value === 'true';
  }
}
