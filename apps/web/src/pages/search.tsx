import type { Sort } from '@shop/contracts/values.ts';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { categoriesQuery } from '../api/queries.ts';
import { PageMeta } from '../components/page-meta.tsx';
import { ProductFilters } from '../components/product-filters.tsx';
import { ProductList, SortSelect } from '../components/product-list.tsx';
import { type Refinement, toProductFilter } from '../components/refinement.ts';
import { Empty } from '../components/states.tsx';

const route = getRouteApi('/search');
const browseSorts = ['newest', 'rating', 'price-asc', 'price-desc', 'name'] as const;
const searchSorts = ['relevance', ...browseSorts] as const;

function titleOf(q: string | undefined, sort: Sort | undefined): string {
  if (q) return `“${q}”`;
  return sort === 'rating' ? 'Best rated' : sort === 'newest' ? 'New arrivals' : 'Everything';
}

export function SearchPage() {
  const { q, category, ...refinement } = route.useSearch();
  const { sort } = refinement;
  const navigate = route.useNavigate();
  const { data: categories } = useQuery(categoriesQuery);
  const change = (next: Partial<Refinement> & { category?: string }) =>
    void navigate({ search: (before) => ({ ...before, ...next }), replace: true, resetScroll: false });
  const title = titleOf(q, sort);
  return (
    <div className="page pt-10">
      <PageMeta title={q ? `Search for ${q}` : title} description={`What the shop has for ${title}.`} />
      <p className="text-muted">{q ? 'Results for' : 'All of the shop'}</p>
      <div className="mt-1 mb-5 flex flex-col gap-4 sm:flex-row sm:flex-wrap sm:items-end sm:justify-between">
        <h1 className="min-w-0 text-title break-words">{title}</h1>
        <div className="flex flex-col gap-x-5 gap-y-3 sm:flex-row sm:flex-wrap">
          <label className="flex items-center gap-2.5">
            <span className="text-sm text-muted">In</span>
            <select
              value={category ?? ''}
              onChange={(event) => change({ category: event.target.value || undefined })}
              className="field rounded-full pr-8 sm:w-56"
            >
              <option value="">All categories</option>
              {categories?.items.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          <SortSelect
            value={sort ?? (q ? 'relevance' : 'newest')}
            among={q ? searchSorts : browseSorts}
            onChange={(next) => change({ sort: next })}
          />
        </div>
      </div>
      <div className="mb-9">
        <ProductFilters value={refinement} onChange={change} />
      </div>
      <ProductList
        filter={{ q, category, ...toProductFilter(refinement) }}
        empty={
          <Empty title="Nothing found">
            Try fewer or shorter words, fewer filters{category ? ', or look in all categories' : ''}. The
            beginning of a word is enough.
          </Empty>
        }
      />
    </div>
  );
}
