import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { IdParams, KeyedHeaders } from '@shop/contracts/common.ts';
import {
  Order,
  OrderList,
  OrderListQuery,
  PlaceOrderBody,
  PlaceOrderHeaders,
} from '@shop/contracts/orders.ts';
import { Problem } from '@shop/contracts/problems.ts';
import type { FastifyRequest } from 'fastify';
import { customerId, requireCustomer, requireSameCustomer } from '../auth/guards.ts';
import { readCart } from '../cart/cart.repository.ts';
import type { Config } from '../config.ts';
import { readPage } from '../list-page.ts';
import { parseId } from '../parse-id.ts';
import { ProblemError } from '../problem-error.ts';
import { afterOrderCommit, invalidateProducts } from './after-commit.ts';
import { findOrder, listOrders, type OrderRow, toOrder } from './orders.repository.ts';
import { type Basket, cancelOrder, placeOrder } from './orders.service.ts';

const tags = ['Orders'];

export const orderRoutes: FastifyPluginAsyncTypebox<{ config: Config }> = async (app, { config }) => {
  const stockCheck = config.brokenVariant === 'stock-checked-before' ? 'before' : 'inside';

  app.post(
    '/api/orders',
    {
      config: { refusals: ['idempotency-key-required', 'session-changed', 'out-of-stock', 'cart-empty'] },
      preValidation: [requireCustomer, requireSameCustomer, requireKey],
      schema: {
        tags,
        summary: 'Order the cart, or the lines given',
        headers: PlaceOrderHeaders,
        body: PlaceOrderBody,
        response: { 201: Order, default: Problem },
      },
    },
    async (request, reply) => {
      const customer = customerId(request);
      const owner = `customer:${customer}`;
      const { items } = request.body;
      // The read starts early. Only a new key waits for it: a replay needs neither the cart nor Redis.
      const cart = items ? undefined : readCart(app.redis, owner);
      cart?.catch(() => {});

      const committed = await request.withIdempotencyKey(owner, async (tx) => {
        const ordered = await cart;
        const basket: Basket = ordered
          ? { source: 'cart', lines: ordered.items }
          : { source: 'request', lines: items ?? [] };
        const order = await placeOrder(tx, { customerId: customer, basket, stockCheck });
        const context = { location: `/api/orders/${order.id}`, cartVersion: ordered?.version ?? '' };
        return { status: 201, body: order, context };
      });
      await afterOrderCommit(app, owner, committed);
      return reply.sendKeyedResponse(committed);
    },
  );

  app.get(
    '/api/orders',
    {
      preValidation: requireCustomer,
      schema: {
        tags,
        summary: 'Own orders, newest first',
        querystring: OrderListQuery,
        response: { 200: OrderList, default: Problem },
      },
    },
    async (request, reply) => {
      const customer = customerId(request);
      const { items, nextCursor } = await readPage<OrderRow, [string]>({
        cursors: app.cursors,
        context: { list: 'orders', customer },
        query: request.query,
        read: (after, limit) => listOrders(request.db.queryReplica, customer, limit, after?.[0]),
        position: ({ id }) => [id],
      });
      reply.header('cache-control', 'no-store');
      return { items: items.map(toOrder), nextCursor };
    },
  );

  app.get(
    '/api/orders/:id',
    {
      preValidation: requireCustomer,
      schema: {
        tags,
        summary: 'One own order',
        params: IdParams,
        response: { 200: Order, default: Problem },
      },
    },
    async (request, reply) => {
      const customer = customerId(request);
      const id = parseId(request.params.id);
      const order = await findOrder(request.db.queryReplica, customer, id);
      if (!order) throw new ProblemError('not-found');
      reply.header('cache-control', 'no-store');
      return toOrder(order);
    },
  );

  app.post(
    '/api/orders/:id/cancel',
    {
      config: { ignoresKey: true, refusals: ['order-not-cancellable'] },
      preValidation: requireCustomer,
      schema: {
        tags,
        summary: 'Cancel an own order that has not been shipped; repeatable',
        headers: KeyedHeaders,
        params: IdParams,
        response: { 200: Order, default: Problem },
      },
    },
    async (request, reply) => {
      const customer = customerId(request);
      const id = parseId(request.params.id);
      const committed = await request.db.writeRepeatable((tx) => cancelOrder(tx, customer, id));
      await invalidateProducts(app, committed);
      reply.setWatermark(committed.watermark).header('cache-control', 'no-store');
      return committed.value;
    },
  );
};

/** `preValidation`: without a key a retry looks like a second order. */
async function requireKey(request: FastifyRequest): Promise<void> {
  if (request.headers['idempotency-key'] === undefined) throw new ProblemError('idempotency-key-required');
}
