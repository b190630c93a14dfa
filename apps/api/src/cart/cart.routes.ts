import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Cart, CartItemBody, CartItemParams } from '@shop/contracts/cart.ts';
import { Problem } from '@shop/contracts/problems.ts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { parseId } from '../parse-id.ts';
import { clear, removeItem } from './cart.repository.ts';
import { putItem, showCart } from './cart.service.ts';

const tags = ['Cart'];
const response = { 200: Cart, default: Problem };

export const cartRoutes: FastifyPluginAsyncTypebox = async (app) => {
  const answer = async (request: FastifyRequest, reply: FastifyReply) => {
    reply.header('cache-control', 'no-store');
    return await showCart(app, request.owner(), request.consistency);
  };

  app.get('/api/cart', { schema: { tags, summary: 'The cart, at today’s prices', response } }, answer);

  app.put(
    '/api/cart/items/:productId',
    {
      schema: {
        tags,
        summary: 'Set the quantity of a product',
        params: CartItemParams,
        body: CartItemBody,
        response,
      },
    },
    async (request, reply) => {
      const line = { productId: parseId(request.params.productId), quantity: request.body.quantity };
      await request.startGuestSession();
      await putItem(app, ownerOf(request), line, request.consistency, request.signal);
      return await answer(request, reply);
    },
  );

  app.delete(
    '/api/cart/items/:productId',
    { schema: { tags, summary: 'Remove a product', params: CartItemParams, response } },
    async (request, reply) => {
      const productId = parseId(request.params.productId);
      const owner = request.owner();
      if (owner) await removeItem(app.redisDurable, owner, productId, request.signal);
      return await answer(request, reply);
    },
  );

  app.delete(
    '/api/cart',
    { schema: { tags, summary: 'Empty the cart', response } },
    async (request, reply) => {
      const owner = request.owner();
      if (owner) await clear(app.redisDurable, owner, request.signal);
      return await answer(request, reply);
    },
  );
};

function ownerOf(request: FastifyRequest): string {
  const owner = request.owner();
  if (owner === null) throw new Error('a guest has a session once it has been started');
  return owner;
}
