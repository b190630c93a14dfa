import type { ProductQuery } from '@shop/contracts/catalog.ts';
import type { Sort } from '@shop/contracts/values.ts';
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { rememberSignedIn, signedInAs } from '../session/session-hint.ts';
import { api, bodyOf, isProblem } from './client.ts';

/** Statuses that an order does not leave by itself. */
const finalStatuses = ['shipped', 'cancelled', 'payment-failed'];
const pageSize = 24;

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: async ({ signal }) => {
    if (!signedInAs()) return null;
    try {
      const me = await bodyOf(api.GET('/api/auth/me', { signal }));
      rememberSignedIn(me.id);
      return me;
    } catch (error) {
      if (isProblem(error) && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: 60_000,
});

export const categoriesQuery = queryOptions({
  queryKey: ['categories'],
  queryFn: ({ signal }) => bodyOf(api.GET('/api/categories', { signal })),
  staleTime: 5 * 60_000,
});

export type ProductFilter = Omit<ProductQuery, 'limit' | 'cursor'>;

export const productsQuery = (filter: ProductFilter) =>
  infiniteQueryOptions({
    queryKey: ['products', filter],
    queryFn: ({ pageParam, signal }) =>
      bodyOf(
        api.GET('/api/products', {
          params: { query: { ...filter, limit: pageSize, cursor: pageParam } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    // A list that a shopper comes back to is shown as before, at the same place.
    gcTime: 30 * 60_000,
  });

export const picksQuery = (sort: Sort, limit: number) =>
  queryOptions({
    queryKey: ['picks', sort, limit],
    queryFn: ({ signal }) => bodyOf(api.GET('/api/products', { params: { query: { sort, limit } }, signal })),
  });

export const productQuery = (slug: string) =>
  queryOptions({
    queryKey: ['product', slug],
    queryFn: ({ signal }) => bodyOf(api.GET('/api/products/{slug}', { params: { path: { slug } }, signal })),
  });

export const suggestionsQuery = (q: string) =>
  queryOptions({
    queryKey: ['suggestions', q],
    queryFn: ({ signal }) =>
      bodyOf(api.GET('/api/products/suggestions', { params: { query: { q } }, signal })),
    enabled: q !== '',
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });

export const reviewsQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['reviews', id],
    queryFn: ({ pageParam, signal }) =>
      bodyOf(
        api.GET('/api/products/{id}/reviews', {
          params: { path: { id }, query: { limit: 10, cursor: pageParam } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });

export const cartQuery = queryOptions({
  queryKey: ['cart'],
  queryFn: ({ signal }) => bodyOf(api.GET('/api/cart', { signal })),
});

export const ordersQuery = infiniteQueryOptions({
  queryKey: ['orders'],
  queryFn: ({ pageParam, signal }) =>
    bodyOf(api.GET('/api/orders', { params: { query: { limit: 20, cursor: pageParam } }, signal })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.nextCursor ?? undefined,
});

export const orderQuery = (id: string) =>
  queryOptions({
    queryKey: ['order', id],
    queryFn: ({ signal }) => bodyOf(api.GET('/api/orders/{id}', { params: { path: { id } }, signal })),
    // A payment takes moments; shipping takes as long as a person needs.
    refetchInterval: ({ state: { data } }) =>
      !data || finalStatuses.includes(data.status) ? false : data.status === 'placed' ? 1_000 : 5_000,
  });
