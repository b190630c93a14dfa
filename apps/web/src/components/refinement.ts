import { maxPriceCents, type Sort, sorts } from '@shop/contracts/values.ts';
import type { ProductFilter } from '../api/queries.ts';
import { flagIn, numberIn } from '../search-params.ts';

/** The filters and the sort of a list of products, as the address of the page has them. Prices are in euros. */
export type Refinement = { sort?: Sort; min?: number; max?: number; rating?: number; stock?: true };

/** The minimum ratings that a shopper can choose. */
export const ratings = [4, 3, 2];

export const maxEuros = maxPriceCents / 100;

const eurosOf = (value: unknown) => {
  const euros = Math.round((numberIn(value) ?? Number.NaN) * 100) / 100;
  return euros >= 0 && euros <= maxEuros ? euros : undefined;
};

/** The valid parts of an address; the rest is ignored. */
export const refinementOf = (raw: Record<string, unknown>): Refinement => ({
  sort: sorts.find((sort) => sort === raw.sort),
  min: eurosOf(raw.min),
  max: eurosOf(raw.max),
  rating: ratings.find((rating) => rating === numberIn(raw.rating)),
  stock: flagIn(raw.stock),
});

/** The same as parameters of the API. */
export function toProductFilter({ sort, min, max, rating, stock }: Refinement): ProductFilter {
  // "From 20 to 5" means "from 5 to 20".
  const [from, to] = min !== undefined && max !== undefined && min > max ? [max, min] : [min, max];
  const toCents = (euros?: number) => (euros === undefined ? undefined : Math.round(euros * 100));
  return {
    sort,
    minPriceCents: toCents(from),
    maxPriceCents: toCents(to),
    minRating: rating,
    inStock: stock,
  };
}
