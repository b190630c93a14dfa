import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { categoriesQuery } from '../api/queries.ts';
import { count } from '../components/format.ts';
import { useInSlices } from '../components/in-slices.ts';
import { PageMeta } from '../components/page-meta.tsx';
import { ProductFilters } from '../components/product-filters.tsx';
import { ProductList, SortSelect } from '../components/product-list.tsx';
import { type Refinement, toProductFilter } from '../components/refinement.ts';
import { Empty, NotFound, Skeleton } from '../components/states.tsx';

const route = getRouteApi('/category/$category');
const sorts = ['newest', 'rating', 'price-asc', 'price-desc', 'name'] as const;

export function CategoryPage() {
  const { category: id } = route.useParams();
  const refinement = route.useSearch();
  const navigate = route.useNavigate();
  const change = (next: Partial<Refinement>) =>
    void navigate({ search: (before) => ({ ...before, ...next }), replace: true, resetScroll: false });
  const { data: categories } = useQuery(categoriesQuery);
  const isFurtherDown = useInSlices(true);
  const category = categories?.items.find((each) => each.id === id);
  if (categories && !category) return <NotFound />;
  return (
    <div className="page pt-8">
      <PageMeta
        title={category?.name ?? 'Category'}
        description={category && `${category.name}: ${count(category.productCount, 'product')}.`}
      />
      <nav
        aria-label="Categories"
        className="-mx-2 flex gap-2 overflow-x-auto px-2 py-2 [scrollbar-width:none]"
      >
        {categories ? (
          categories.items.map((each) => (
            <Link
              key={each.id}
              to="/category/$category"
              params={{ category: each.id }}
              activeOptions={{ includeSearch: false }}
              className="chip text-sm"
            >
              {each.name}
            </Link>
          ))
        ) : (
          <Skeleton className="h-10 w-full rounded-full" />
        )}
      </nav>
      <div className="mt-8 mb-5 flex flex-col gap-4 sm:flex-row sm:flex-wrap sm:items-end sm:justify-between">
        <div>
          <h1 className="min-h-[1.1em] text-title">{category?.name}</h1>
          <p className="mt-1 min-h-6 text-muted">{category && count(category.productCount, 'product')}</p>
        </div>
        <SortSelect value={refinement.sort ?? 'newest'} among={sorts} onChange={(sort) => change({ sort })} />
      </div>
      {isFurtherDown ? (
        <>
          <div className="mb-9">
            <ProductFilters value={refinement} onChange={change} />
          </div>
          <ProductList
            filter={{ category: id, ...toProductFilter(refinement) }}
            empty={<Empty title="Nothing here">Try fewer filters, or another category.</Empty>}
          />
        </>
      ) : (
        <div className="h-dvh" />
      )}
    </div>
  );
}
