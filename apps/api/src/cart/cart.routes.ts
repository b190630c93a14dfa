import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import {
  AddedCart,
  AddItemBody,
  Cart,
  CartChangeHeaders,
  CartItemBody,
  CartItemParams,
} from '@shop/contracts/cart.ts';
import { KeyedHeaders } from '@shop/contracts/common.ts';
import { Problem } from '@shop/contracts/problems.ts';
import type { FastifyContextConfig, FastifyRequest } from 'fastify';
import type { Config } from '../config.ts';
import { parseId } from '../parse-id.ts';
import { readThenSet } from './broken-addition.ts';
import { callKey } from './call-key.ts';
import { keepAnswer } from './cart.repository.ts';
import { type CartCall, changeOnce, findCart, putIntoCart, showCart } from './cart.service.ts';
import { packAnswer, unpackAnswer } from './kept-answer.ts';

const tags = ['Cart'];
const response = { 200: Cart, default: Problem };
/** A guest has a cart too; a customer whose session has ended gets 401. */
const ofSession = { refusals: ['session-ended'] } satisfies FastifyContextConfig;
/** A change that arrives just after the guest has logged in is refused: it may be sent again with the new cookie. */
const changesCart = { refusals: ['session-ended', 'session-changed'] } satisfies FastifyContextConfig;

export const cartRoutes: FastifyPluginAsyncTypebox<{ config: Config }> = async (app, { config }) => {
  const readsThenWrites = config.brokenVariant === 'cart-reads-then-writes';
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
  });

  app.get(
    '/api/cart',
    { config: ofSession, schema: { tags, summary: 'The cart, at today’s prices', response } },
    async (request) => await showCart(app, await findCart(app, request.owner()), request.consistency),
  );

  app.post(
    '/api/cart/items',
    {
      config: { refusals: [...changesCart.refusals, 'not-found'] },
      schema: {
        tags,
        summary: 'Add to the quantity of a product, atomically',
        headers: KeyedHeaders,
        body: AddItemBody,
        response: { 200: AddedCart, default: Problem },
      },
    },
    async (request, reply) => {
      const { productId, quantity } = request.body;
      await request.startGuestSession();
      const call = cartCall(request);
      const line = { productId, quantity };
      const change = readsThenWrites
        ? await readThenSet(app, call.owner, line)
        : ({ operation: 'add', ...line } as const);
      const { outcome, notAdded, firstAnswer, cart } = await putIntoCart(app, call, change);
      // A stored answer is sent byte for byte, so the first answer is also sent as this text.
      reply.type('application/json; charset=utf-8').serializer((text: string) => text);
      if (outcome === 'replayed') reply.header('idempotency-replayed', 'true');
      if (firstAnswer !== null) return reply.send(unpackAnswer(firstAnswer) as never);
      const answer: AddedCart = { ...(await showCart(app, cart, request.consistency)), notAdded };
      const text = JSON.stringify(answer);
      if (call.key.made === 'client') {
        await keepAnswer(app.redisFailFast, call, packAnswer(text)).catch(() => {});
      }
      return reply.send(text as never);
    },
  );

  app.put(
    '/api/cart/items/:productId',
    {
      config: changesCart,
      schema: {
        tags,
        summary: 'Set the quantity of a product',
        headers: CartChangeHeaders,
        params: CartItemParams,
        body: CartItemBody,
        response,
      },
    },
    async (request) => {
      const line = { productId: parseId(request.params.productId), quantity: request.body.quantity };
      await request.startGuestSession();
      const { cart } = await putIntoCart(app, cartCall(request), { operation: 'set', ...line });
      return await showCart(app, cart, request.consistency);
    },
  );

  app.delete(
    '/api/cart/items/:productId',
    {
      config: changesCart,
      schema: {
        tags,
        summary: 'Remove a product',
        headers: CartChangeHeaders,
        params: CartItemParams,
        response,
      },
    },
    async (request) => {
      const productId = parseId(request.params.productId);
      return await without(request, { operation: 'remove', productId });
    },
  );

  app.delete(
    '/api/cart',
    {
      config: changesCart,
      schema: { tags, summary: 'Empty the cart', headers: CartChangeHeaders, response },
    },
    async (request) => await without(request, { operation: 'clear' }),
  );

  /** A guest without a session has an empty cart: there is nothing to remove. */
  async function without(
    request: FastifyRequest,
    change: { operation: 'remove'; productId: string } | { operation: 'clear' },
  ): Promise<Cart> {
    const cart =
      request.owner() === null
        ? await findCart(app, null)
        : (await changeOnce(app, cartCall(request), change)).cart;
    return await showCart(app, cart, request.consistency);
  }
};

function cartCall(request: FastifyRequest): CartCall {
  const owner = request.owner();
  if (owner === null) throw new Error('a guest has a session once it has been started');
  return {
    owner,
    key: callKey(request.keyedCall(owner)),
    ifMatch: acceptedVersions(request.headers['if-match']),
    consistency: request.consistency,
    deadline: request.signal,
  };
}

/** The strong entity tags of `If-Match`; null without the header and for `*`, which every cart matches. */
function acceptedVersions(header: string | undefined): string[] | null {
  if (header === undefined || header === '*') return null;
  return [...header.matchAll(/(W\/)?"([^"]*)"/g)].flatMap(([, weak, version]) =>
    weak ? [] : [version ?? ''],
  );
}
