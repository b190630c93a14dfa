import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { IdParams, KeyedHeaders, listLimitDefault } from '@shop/contracts/common.ts';
import { Problem } from '@shop/contracts/problems.ts';
import { CreateReviewBody, Review, ReviewList, ReviewListQuery } from '@shop/contracts/reviews.ts';
import { customerId, requireCustomer } from '../auth/guards.ts';
import { setCacheHeaders } from '../cache-headers.ts';
import { withIdempotencyKey } from '../idempotency/idempotency.service.ts';
import { parseId } from '../parse-id.ts';
import { ProblemError } from '../problem-error.ts';
import { listReviews, productExists } from './reviews.repository.ts';
import { writeReview } from './reviews.service.ts';

const tags = ['Pictures and reviews'];

export const reviewRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/api/products/:id/reviews',
    {
      preValidation: requireCustomer,
      schema: {
        tags,
        summary: 'Review a product that you bought',
        headers: KeyedHeaders,
        params: IdParams,
        body: CreateReviewBody,
        response: { 201: Review, default: Problem },
      },
    },
    async (request, reply) => {
      const customer = customerId(request);
      const productId = parseId(request.params.id);
      const committed = await withIdempotencyKey(
        app.db,
        request.keyedCall(`customer:${customer}`),
        async (tx) => ({ status: 201, body: await writeReview(tx, customer, productId, request.body) }),
        request.signal,
      );
      // Also after a replay: whoever wrote it may have died before he came here.
      await app.catalog.invalidate([productId], committed.watermark, { lists: true });
      return reply.sendKeyedResponse(committed);
    },
  );

  app.get(
    '/api/products/:id/reviews',
    {
      schema: {
        tags,
        summary: 'Reviews of a product, newest first',
        params: IdParams,
        querystring: ReviewListQuery,
        response: { 200: ReviewList, default: Problem },
      },
    },
    async (request, reply) => {
      const productId = parseId(request.params.id);
      const { limit = listLimitDefault, cursor } = request.query;
      const context = { list: 'reviews', productId };
      const [createdAt, id] = (app.cursors.decode(context, cursor) ?? []) as string[];
      const before = createdAt && id ? { createdAt, id } : undefined;
      // One more than asked for tells whether there is a next page.
      const [exists, rows] = await app.db
        .replica(request.consistency)
        .read(
          (tx) => Promise.all([productExists(tx, productId), listReviews(tx, productId, limit + 1, before)]),
          request.signal,
        );
      if (!exists) throw new ProblemError('not-found');
      const page = rows.slice(0, limit);
      const last = rows.length > limit ? page.at(-1) : undefined;
      setCacheHeaders(request, reply);
      return {
        items: page.map(({ review }) => review),
        nextCursor: last ? app.cursors.encode(context, [last.position.createdAt, last.position.id]) : null,
      };
    },
  );
};
