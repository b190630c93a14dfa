import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { AdminOrderDetail, AdminOrderList, AdminOrderQuery } from '@shop/contracts/admin.ts';
import { IdParams, KeyedHeaders, listLimitDefault } from '@shop/contracts/common.ts';
import { Order } from '@shop/contracts/orders.ts';
import { Problem } from '@shop/contracts/problems.ts';
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
        summary: 'Everybody’s orders, newest first',
        querystring: AdminOrderQuery,
        response: { 200: AdminOrderList, default: Problem },
      },
    },
    async (request) => {
      const { q = '', status, limit = listLimitDefault, cursor } = request.query;
      const filters = { q: q.trim(), status };
      const context = { list: 'admin-orders', ...filters };
      const [before] = app.cursors.decode(context, cursor) ?? [];
      const selection = { ...filters, before: before as string | undefined, limit: limit + 1 };
      const rows = await app.db
        .replica(request.consistency)
        .read((tx) => listAllOrders(tx, selection), request.signal);
      const items = rows.slice(0, limit);
      const last = items.at(-1);
      const nextCursor = rows.length > limit && last ? app.cursors.encode(context, [last.id]) : null;
      return { items, nextCursor };
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
      const order = await app.db
        .replica(request.consistency)
        .read((tx) => findOrderDetail(tx, id), request.signal);
      if (!order) throw new ProblemError('not-found');
      return order;
    },
  );

  app.post(
    '/api/admin/orders/:id/ship',
    {
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
      // Repeatable by nature, so it may run again when the answer to its commit was lost.
      const { value: order, watermark } = await app.db.primary.transaction((tx) => shipOrder(tx, id), {
        replayable: true,
        deadline: request.signal,
      });
      reply.setWatermark(watermark);
      return order;
    },
  );
};
