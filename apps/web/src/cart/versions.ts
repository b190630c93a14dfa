import type { Cart } from '@shop/contracts/cart.ts';

/**
 * Which version a cart has after this page's own changes. A shopper who clicks faster than the shop answers decides on
 * what the page shows, and that is a version which the shop has not named yet.
 */
const next = new Map<string, string>();

/** How many of which product. */
export type Quantities = Map<string, number>;

export const quantitiesIn = ({ items }: Cart): Quantities =>
  new Map(items.map(({ productId, quantity }) => [productId, quantity]));

const asText = (quantities: Quantities) =>
  Array.from(quantities, ([productId, quantity]) => `${productId} ${quantity}`)
    .sort()
    .join('\n');

/**
 * Notes a change that has turned the cart of `shownVersion` into `answered`. Only if that is what the page `expected`:
 * otherwise something else has changed the cart, too, and what the shopper decides has to be decided anew.
 */
export function noteChange(shownVersion: string, expected: Quantities, answered: Cart): void {
  const version = latestVersion(shownVersion);
  if (version !== answered.version && asText(expected) === asText(quantitiesIn(answered))) {
    next.set(version, answered.version);
  }
}

/** The version that the cart of `version` has by now, as far as this page has changed it. */
export function latestVersion(version: string): string {
  let latest = version;
  for (let later = next.get(latest); later !== undefined; later = next.get(latest)) latest = later;
  return latest;
}
