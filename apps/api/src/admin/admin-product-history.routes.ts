import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import {
  PriceChangeList,
  PriceChangeQuery,
  StockChangeList,
  StockChangeQuery,
} from '@shop/contracts/admin.ts';
import { IdParams } from '@shop/contracts/common.ts';
import { Problem } from '@shop/contracts/problems.ts';
import type { Transaction } from '@shop/database/connection.ts';
import type { FastifyRequest } from 'fastify';
import { readPage } from '../list-page.ts';
import { parseId } from '../parse-id.ts';
import { ProblemError } from '../problem-error.ts';
import { findProduct, listPriceChanges, listStockChanges } from './admin-products.repository.ts';

const tags = ['Admin'];

/** The history of a product's stock and price. */
export const adminProductHistoryRoutes: FastifyPluginAsyncTypebox = async (app) => {
  /** One page of a list that belongs to a product. */
  const history = async <Row extends { id: string }>(
    request: FastifyRequest<{ Params: { id: string }; Querystring: { limit?: number; cursor?: string } }>,
    list: string,
    read: (tx: Transaction, productId: string, limit: number, before?: string) => Promise<Row[]>,
  ) => {
    const productId = parseId(request.params.id);
    return await readPage<Row, [string]>({
      cursors: app.cursors,
      context: { list, productId },
      query: request.query,
      read: async (after, limit) => {
        const [product, rows] = await request.db.readReplica((tx) =>
          Promise.all([findProduct(tx, productId), read(tx, productId, limit, after?.[0])]),
        );
        if (!product) throw new ProblemError('not-found');
        return rows;
      },
      position: ({ id }) => [id],
    });
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
