import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { IdParams, KeyedHeaders } from '@shop/contracts/common.ts';
import { Problem } from '@shop/contracts/problems.ts';
import { CreateReviewBody, Review, ReviewList, ReviewListQuery } from '@shop/contracts/reviews.ts';
import { customerId, requireCustomer } from '../auth/guards.ts';
import { setCacheHeaders } from '../cache-headers.ts';
import { readPage } from '../list-page.ts';
import { parseId } from '../parse-id.ts';
import { ProblemError } from '../problem-error.ts';
import { type ListedReview, listReviews, productExists } from './reviews.repository.ts';
import { writeReview } from './reviews.service.ts';

const tags = ['Pictures and reviews'];

export const reviewRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/api/products/:id/reviews',
    {
      config: { refusals: ['not-a-buyer', 'already-reviewed', 'upload-not-ready'] },
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
      const committed = await request.withIdempotencyKey(`customer:${customer}`, async (tx) => ({
        status: 201,
        body: await writeReview(tx, { customerId: customer, productId }, request.body),
      }));
      // Also after a replay: the replica that ran the first try may have died before this line.
      await app.catalog.invalidate([productId], committed.watermark, { lists: true });
      return reply.sendKeyedResponse(committed);
    },
  );

  app.get(
    '/api/products/:id/reviews',
    {
      config: { ignoresEndedSession: true },
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
      const { items, nextCursor } = await readPage<ListedReview, [createdAt: string, id: string]>({
        cursors: app.cursors,
        context: { list: 'reviews', productId },
        query: request.query,
        read: async (after, limit) => {
          const before = after && { createdAt: after[0], id: after[1] };
          const [exists, rows] = await request.db.readReplica((tx) =>
            Promise.all([productExists(tx, productId), listReviews(tx, productId, limit, before)]),
          );
          if (!exists) throw new ProblemError('not-found');
          return rows;
        },
        position: ({ position }) => [position.createdAt, position.id],
      });
      setCacheHeaders(request, reply);
      return { items: items.map(({ review }) => review), nextCursor };
    },
  );
};
