import { maxQueryLength } from '@shop/contracts/values.ts';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { categoriesQuery, picksQuery, productQuery, productsQuery } from '../api/queries.ts';
import { type Refinement, refinementOf, toProductFilter } from '../components/refinement.ts';
import { textIn } from '../search-params.ts';
import { ask, root, type Search } from './root.ts';

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  loader: ({ context: { queries } }) =>
    ask(
      queries.prefetchQuery(categoriesQuery),
      queries.prefetchQuery(picksQuery('rating', 8)),
      queries.prefetchQuery(picksQuery('newest', 8)),
    ),
  component: lazyRouteComponent(() => import('../pages/home.tsx'), 'HomePage'),
});

type ListSearch = Refinement & { q?: string; category?: string };

const category = createRoute({
  getParentRoute: () => root,
  path: '/category/$category',
  validateSearch: refinementOf,
  loaderDeps: ({ search }) => search,
  loader: ({ context: { queries }, params, deps }) =>
    ask(
      queries.prefetchQuery(categoriesQuery),
      queries.prefetchInfiniteQuery(productsQuery({ category: params.category, ...toProductFilter(deps) })),
    ),
  component: lazyRouteComponent(() => import('../pages/category.tsx'), 'CategoryPage'),
});

const search = createRoute({
  getParentRoute: () => root,
  path: '/search',
  validateSearch: (raw: Search): ListSearch => ({
    ...refinementOf(raw),
    q: textIn(raw.q, maxQueryLength),
    category: textIn(raw.category),
  }),
  loaderDeps: ({ search }) => search,
  loader: ({ context: { queries }, deps: { q, category, ...refinement } }) =>
    ask(queries.prefetchInfiniteQuery(productsQuery({ q, category, ...toProductFilter(refinement) }))),
  component: lazyRouteComponent(() => import('../pages/search.tsx'), 'SearchPage'),
});

const product = createRoute({
  getParentRoute: () => root,
  path: '/product/$slug',
  loader: ({ context: { queries }, params }) => ask(queries.prefetchQuery(productQuery(params.slug))),
  component: lazyRouteComponent(() => import('../pages/product.tsx'), 'ProductPage'),
});

export const catalogueRoutes = [home, category, search, product] as const;
