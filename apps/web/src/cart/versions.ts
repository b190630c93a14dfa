import type { Cart } from '@shop/contracts/cart.ts';

/**
 * The cart's version after this page's own changes. A shopper may click faster than the shop answers, and then decides
 * on a cart whose version the page does not know yet.
 */
const next = new Map<string, string>();

/** The quantity of each product. */
export type Quantities = Map<string, number>;

export const quantitiesIn = ({ items }: Cart): Quantities =>
  new Map(items.map(({ productId, quantity }) => [productId, quantity]));

const asText = (quantities: Quantities) =>
  Array.from(quantities, ([productId, quantity]) => `${productId} ${quantity}`)
    .sort()
    .join('\n');

/**
 * Records that a change has turned the cart of `shownVersion` into `answered`, but only if the answer is what the page
 * `expected`. Otherwise another tab has changed the cart, too, and the shopper has to decide again.
 */
export function noteChange(shownVersion: string, expected: Quantities, answered: Cart): void {
  const version = latestVersion(shownVersion);
  if (version !== answered.version && asText(expected) === asText(quantitiesIn(answered))) {
    next.set(version, answered.version);
  }
}

/** The newest version that follows from `version` by changes of this page. */
export function latestVersion(version: string): string {
  let latest = version;
  for (let later = next.get(latest); later !== undefined; later = next.get(latest)) latest = later;
  return latest;
}
