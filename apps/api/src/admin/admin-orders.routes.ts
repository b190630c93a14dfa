import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { type AdminOrder, AdminOrderDetail, AdminOrderList, AdminOrderQuery } from '@shop/contracts/admin.ts';
import { IdParams, KeyedHeaders } from '@shop/contracts/common.ts';
import { Order } from '@shop/contracts/orders.ts';
import { Problem } from '@shop/contracts/problems.ts';
import { readPage } from '../list-page.ts';
import { parseId } from '../parse-id.ts';
import { ProblemError } from '../problem-error.ts';
import { findOrderDetail, listAllOrders } from './admin-orders.repository.ts';
import { shipOrder } from './admin-orders.service.ts';

const tags = ['Admin'];

export const adminOrderRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/api/admin/orders',
    {
      schema: {
        tags,
        summary: 'The orders of all customers, newest first',
        querystring: AdminOrderQuery,
        response: { 200: AdminOrderList, default: Problem },
      },
    },
    async (request) => {
      const { q = '', status } = request.query;
      const filters = { q: q.trim(), status };
      return await readPage<AdminOrder, [string]>({
        cursors: app.cursors,
        context: { list: 'admin-orders', ...filters },
        query: request.query,
        read: (after, limit) =>
          request.db.readReplica((tx) => listAllOrders(tx, { ...filters, before: after?.[0], limit })),
        position: ({ id }) => [id],
      });
    },
  );

  app.get(
    '/api/admin/orders/:id',
    {
      schema: {
        tags,
        summary: 'One order with its payment, mails and jobs',
        params: IdParams,
        response: { 200: AdminOrderDetail, default: Problem },
      },
    },
    async (request) => {
      const id = parseId(request.params.id);
      const order = await request.db.readReplica((tx) => findOrderDetail(tx, id));
      if (!order) throw new ProblemError('not-found');
      return order;
    },
  );

  app.post(
    '/api/admin/orders/:id/ship',
    {
      config: { ignoresKey: true, refusals: ['order-not-shippable'] },
      schema: {
        tags,
        summary: 'Ship a paid order; repeatable',
        headers: KeyedHeaders,
        params: IdParams,
        response: { 200: Order, default: Problem },
      },
    },
    async (request, reply) => {
      const id = parseId(request.params.id);
      const { value: order, watermark } = await request.db.writeRepeatable((tx) => shipOrder(tx, id));
      reply.setWatermark(watermark);
      return order;
    },
  );
};
