import type { AdminProductQuery } from '@shop/contracts/admin.ts';
import type { Order } from '@shop/contracts/orders.ts';
import type { Upload } from '@shop/contracts/uploads.ts';
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, bodyOf } from '../../api/client.ts';

const paged = {
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page: { nextCursor: string | null }) => page.nextCursor ?? undefined,
};
const limit = 25;

export type OrderFilter = { q?: string; status?: Order['status'] };

export const adminOrdersQuery = (filter: OrderFilter) =>
  infiniteQueryOptions({
    ...paged,
    queryKey: ['admin-orders', filter],
    queryFn: ({ pageParam, signal }) =>
      bodyOf(
        api.GET('/api/admin/orders', { params: { query: { ...filter, limit, cursor: pageParam } }, signal }),
      ),
    placeholderData: keepPreviousData,
    refetchInterval: 10_000,
  });

export const adminOrderQuery = (id: string) =>
  queryOptions({
    queryKey: ['admin-order', id],
    queryFn: ({ signal }) => bodyOf(api.GET('/api/admin/orders/{id}', { params: { path: { id } }, signal })),
    refetchInterval: 3_000,
  });

export type AdminProductFilter = Pick<AdminProductQuery, 'q' | 'status'>;

export const adminProductsQuery = (filter: AdminProductFilter) =>
  infiniteQueryOptions({
    ...paged,
    queryKey: ['admin-products', filter],
    queryFn: ({ pageParam, signal }) =>
      bodyOf(
        api.GET('/api/admin/products', {
          params: { query: { ...filter, limit, cursor: pageParam } },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  });

export const adminProductQuery = (id: string) =>
  queryOptions({
    queryKey: ['admin-product', id],
    queryFn: ({ signal }) =>
      bodyOf(api.GET('/api/admin/products/{id}', { params: { path: { id } }, signal })),
  });

export const priceChangesQuery = (id: string) =>
  infiniteQueryOptions({
    ...paged,
    queryKey: ['admin-price-changes', id],
    queryFn: ({ pageParam, signal }) =>
      bodyOf(
        api.GET('/api/admin/products/{id}/price-changes', {
          params: { path: { id }, query: { limit, cursor: pageParam } },
          signal,
        }),
      ),
  });

export const stockChangesQuery = (id: string) =>
  infiniteQueryOptions({
    ...paged,
    queryKey: ['admin-stock-changes', id],
    queryFn: ({ pageParam, signal }) =>
      bodyOf(
        api.GET('/api/admin/products/{id}/stock-changes', {
          params: { path: { id }, query: { limit, cursor: pageParam } },
          signal,
        }),
      ),
  });

export const adminUploadsQuery = (status: Upload['status']) =>
  infiniteQueryOptions({
    ...paged,
    queryKey: ['admin-uploads', status],
    queryFn: ({ pageParam, signal }) =>
      bodyOf(
        api.GET('/api/admin/uploads', { params: { query: { status, limit, cursor: pageParam } }, signal }),
      ),
    placeholderData: keepPreviousData,
  });
