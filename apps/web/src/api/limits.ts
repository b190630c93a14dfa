import type { Sort } from '@shop/contracts/catalog.ts';

/**
 * What every page needs of the contract, without the library of its schemas: that comes with the first form only.
 * limits.test.ts sees to it that both say the same.
 */
export const sorts = [
  'relevance',
  'newest',
  'price-asc',
  'price-desc',
  'rating',
  'name',
] as const satisfies Sort[];
export const maxQuantity = 99;
export const maxPriceCents = 10_000_000;
/** Code points of a search. */
export const maxQueryLength = 200;
export const maxUploadBytes = 5 * 1024 * 1024;
export const pictureTypes = ['image/png', 'image/jpeg', 'image/webp'];
