import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import {
  PriceChangeList,
  PriceChangeQuery,
  StockChangeList,
  StockChangeQuery,
} from '@shop/contracts/admin.ts';
import { IdParams, listLimitDefault } from '@shop/contracts/common.ts';
import { Problem } from '@shop/contracts/problems.ts';
import type { Transaction } from '@shop/database/connection.ts';
import type { FastifyRequest } from 'fastify';
import { parseId } from '../parse-id.ts';
import { ProblemError } from '../problem-error.ts';
import { findProduct, listPriceChanges, listStockChanges } from './admin-products.repository.ts';

const tags = ['Admin'];

/** What has become of a product's stock and price. */
export const adminProductHistoryRoutes: FastifyPluginAsyncTypebox = async (app) => {
  /** Two lists of one product that differ in what they list. */
  const history = async <Row extends { id: string }>(
    request: FastifyRequest<{ Params: { id: string }; Querystring: { limit?: number; cursor?: string } }>,
    list: string,
    read: (tx: Transaction, productId: string, limit: number, before?: string) => Promise<Row[]>,
  ) => {
    const productId = parseId(request.params.id);
    const { limit = listLimitDefault, cursor } = request.query;
    const context = { list, productId };
    const [before] = (app.cursors.decode(context, cursor) ?? []) as string[];
    const [product, rows] = await app.db
      .replica(request.consistency)
      .read(
        (tx) => Promise.all([findProduct(tx, productId), read(tx, productId, limit + 1, before)]),
        request.signal,
      );
    if (!product) throw new ProblemError('not-found');
    const items = rows.slice(0, limit);
    const last = items.at(-1);
    const nextCursor = rows.length > limit && last ? app.cursors.encode(context, [last.id]) : null;
    return { items, nextCursor };
  };

  app.get(
    '/api/admin/products/:id/stock-changes',
    {
      schema: {
        tags,
        summary: 'Every change of a product’s stock, newest first',
        params: IdParams,
        querystring: StockChangeQuery,
        response: { 200: StockChangeList, default: Problem },
      },
    },
    async (request) => await history(request, 'stock-changes', listStockChanges),
  );

  app.get(
    '/api/admin/products/:id/price-changes',
    {
      schema: {
        tags,
        summary: 'Every change of a product’s price, newest first',
        params: IdParams,
        querystring: PriceChangeQuery,
        response: { 200: PriceChangeList, default: Problem },
      },
    },
    async (request) => await history(request, 'price-changes', listPriceChanges),
  );
};
