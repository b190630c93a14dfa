import { ActionableError } from '@shop/command/actionable-error.ts';

/** Share of each call of the profile (`bench/load/profile-report.ts`); the shares add up to 1. */
export type Mix = Record<string, number>;

/** Of a hundred calls. `default` is a day of a shop: two calls of a hundred order something. */
const mixes: Record<string, Record<string, number>> = {
  default: {
    'list, cached': 40,
    'product detail, uncached': 20,
    me: 15,
    'cart read': 12,
    'cart put': 8,
    'own orders': 2,
    'own order': 1,
    order: 2,
  },
  // Shoppers look around and order nothing.
  browse: { 'list, cached': 70, 'product detail, uncached': 20, me: 10 },
  // A sale begins: shoppers know what they want.
  sale: {
    'list, cached': 20,
    'product detail, uncached': 20,
    me: 15,
    'cart read': 15,
    'cart put': 15,
    'own order': 5,
    order: 10,
  },
};

export const mixNames = Object.keys(mixes);

/**
 * @param text a name of `mixNames`, or parts such as `order:2;list, cached:98`, which need not add up to 100.
 * @throws ActionableError for a part that is neither.
 */
export function parseMix(text: string): Mix {
  const parts = mixes[text] ?? Object.fromEntries(text.split(';').map(parsePart));
  const total = Object.values(parts).reduce((sum, part) => sum + part, 0);
  return Object.fromEntries(Object.entries(parts).map(([call, part]) => [call, part / total]));
}

function parsePart(text: string): [call: string, part: number] {
  const colon = text.lastIndexOf(':');
  const [call, part] = [text.slice(0, colon).trim(), Number(text.slice(colon + 1))];
  if (colon > 0 && call && part > 0) return [call, part];
  throw new ActionableError(
    `The mix "${text}" is none of ${mixNames.join(', ')}.`,
    'Name one of them, or parts such as --mix "order:2;list, cached:98".',
  );
}
