import type { Sort } from '@shop/contracts/values.ts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { type ProductFilter, productsQuery } from '../api/queries.ts';
import { useInSlices } from './in-slices.ts';
import { ProductGrid, ProductGridSkeleton } from './product-card.tsx';
import { Failure } from './states.tsx';

const sortNames: Record<Sort, string> = {
  relevance: 'Best match',
  newest: 'Newest',
  'price-asc': 'Price, low to high',
  'price-desc': 'Price, high to low',
  rating: 'Best rated',
  name: 'Name',
};

export function SortSelect({
  value,
  among,
  onChange,
}: {
  value: Sort;
  among: readonly Sort[];
  onChange: (sort: Sort) => void;
}) {
  return (
    <label className="flex w-full items-center gap-2.5 whitespace-nowrap sm:w-auto">
      <span className="text-sm text-muted">Sort by</span>
      <select
        value={value}
        onChange={(event) => onChange(event.target.value as Sort)}
        className="field rounded-full pr-8 sm:w-auto"
      >
        {among.map((sort) => (
          <option key={sort} value={sort}>
            {sortNames[sort]}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Another text that finds more under the same filters. */
const DidYouMean = ({ q }: { q: string }) => (
  <p className="mb-8 text-lg">
    Did you mean{' '}
    <Link to="/search" search={(before) => ({ ...before, q })} className="link font-semibold">
      {q}
    </Link>
    ?
  </p>
);

/**
 * Products that match the filter, page by page. After a change of the filter the old ones stay, paler, until the new
 * ones arrive.
 */
export function ProductList({ filter, empty }: { filter: ProductFilter; empty: ReactNode }) {
  const list = useInfiniteQuery(productsQuery(filter));
  const { error, hasNextPage, isFetchingNextPage, isPlaceholderData } = list;
  const data = useInSlices(list.data);
  if (!data) {
    return error ? (
      <Failure error={error} retry={() => void list.refetch()} />
    ) : (
      <ProductGridSkeleton count={12} />
    );
  }
  const products = data.pages.flatMap((page) => page.items);
  const didYouMean = data.pages[0]?.didYouMean;
  const suggestion = didYouMean && <DidYouMean q={didYouMean} />;
  if (products.length === 0) {
    return (
      <>
        {suggestion}
        {empty}
      </>
    );
  }
  return (
    <div className={`transition-opacity duration-200 ${isPlaceholderData ? 'opacity-50' : ''}`}>
      {suggestion}
      <h2 className="sr-only">Products</h2>
      <ProductGrid products={products} eager={4} />
      <p role="status" className="mt-14 text-center text-sm text-muted">
        {hasNextPage ? `${products.length} shown` : 'That is all.'}
      </p>
      {hasNextPage && (
        <div className="mt-4 text-center">
          <button
            type="button"
            className="button button-quiet"
            disabled={isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            {isFetchingNextPage ? 'Loading…' : list.isFetchNextPageError ? 'Try again' : 'Show more'}
          </button>
        </div>
      )}
    </div>
  );
}
