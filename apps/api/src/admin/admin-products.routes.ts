import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import {
  AdminProduct,
  AdminProductList,
  AdminProductQuery,
  NewProductBody,
  ProductPatchBody,
  StockBody,
} from '@shop/contracts/admin.ts';
import { IdParams, KeyedHeaders } from '@shop/contracts/common.ts';
import { Problem } from '@shop/contracts/problems.ts';
import type { Transaction } from '@shop/database/connection.ts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { customerId } from '../auth/guards.ts';
import { readPage } from '../list-page.ts';
import { parseId } from '../parse-id.ts';
import { ProblemError } from '../problem-error.ts';
import { findProduct, type ListedProduct, listProducts } from './admin-products.repository.ts';
import { adjustStock, createProduct, editProduct } from './admin-products.service.ts';

const tags = ['Admin'];

export const adminProductRoutes: FastifyPluginAsyncTypebox = async (app) => {
  /** Runs a keyed change of one product and invalidates the catalogue's entries for it. */
  const changeProduct = async (
    request: FastifyRequest,
    reply: FastifyReply,
    { status, lists }: { status: number; lists: boolean },
    work: (tx: Transaction) => Promise<AdminProduct>,
  ) => {
    const committed = await request.withIdempotencyKey(`customer:${customerId(request)}`, async (tx) => ({
      status,
      body: await work(tx),
    }));
    // Also after a replay: the replica that ran the first try may have died before this line.
    const { id } = JSON.parse(committed.value.body) as AdminProduct;
    await app.catalog.invalidate([id], committed.watermark, { lists });
    return reply.sendKeyedResponse(committed);
  };

  app.get(
    '/api/admin/products',
    {
      schema: {
        tags,
        summary: 'Products, also those that are not for sale, newest first',
        querystring: AdminProductQuery,
        response: { 200: AdminProductList, default: Problem },
      },
    },
    async (request) => {
      const { q = '', status } = request.query;
      const filters = { q: q.trim(), active: status && status === 'active' };
      const { items, nextCursor } = await readPage<ListedProduct, [createdAt: string, id: string]>({
        cursors: app.cursors,
        context: { list: 'admin-products', ...filters },
        query: request.query,
        read: (after, limit) =>
          request.db.readReplica((tx) => listProducts(tx, { ...filters, after, limit })),
        position: ({ product, position }) => [position, product.id],
      });
      return { items: items.map(({ product }) => product), nextCursor };
    },
  );

  app.get(
    '/api/admin/products/:id',
    {
      schema: {
        tags,
        summary: 'One product, also one that is not for sale',
        params: IdParams,
        response: { 200: AdminProduct, default: Problem },
      },
    },
    async (request) => {
      const id = parseId(request.params.id);
      const product = await request.db.readReplica((tx) => findProduct(tx, id));
      if (!product) throw new ProblemError('not-found');
      return product;
    },
  );

  app.post(
    '/api/admin/products',
    {
      config: { refusals: ['slug-taken', 'upload-not-ready'] },
      schema: {
        tags,
        summary: 'Add a product',
        headers: KeyedHeaders,
        body: NewProductBody,
        response: { 201: AdminProduct, default: Problem },
      },
    },
    async (request, reply) =>
      await changeProduct(request, reply, { status: 201, lists: true }, (tx) =>
        createProduct(tx, customerId(request), request.body),
      ),
  );

  app.patch(
    '/api/admin/products/:id',
    {
      config: { refusals: ['slug-taken', 'upload-not-ready'] },
      schema: {
        tags,
        summary: 'Edit a product, or take it out of the catalogue',
        headers: KeyedHeaders,
        params: IdParams,
        body: ProductPatchBody,
        response: { 200: AdminProduct, default: Problem },
      },
    },
    async (request, reply) => {
      const id = parseId(request.params.id);
      return await changeProduct(request, reply, { status: 200, lists: true }, (tx) =>
        editProduct(tx, { adminId: customerId(request), productId: id }, request.body),
      );
    },
  );

  app.post(
    '/api/admin/products/:id/stock',
    {
      config: { refusals: ['stock-negative'] },
      schema: {
        tags,
        summary: 'Add to the stock or take from it',
        headers: KeyedHeaders,
        params: IdParams,
        body: StockBody,
        response: { 200: AdminProduct, default: Problem },
      },
    },
    async (request, reply) => {
      const id = parseId(request.params.id);
      return await changeProduct(request, reply, { status: 200, lists: false }, (tx) =>
        adjustStock(tx, id, request.body),
      );
    },
  );
};
