import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import {
  Category,
  CategoryList,
  Product,
  ProductList,
  ProductQuery,
  SlugParams,
  SuggestionQuery,
  Suggestions,
} from '@shop/contracts/catalog.ts';
import { IdParams } from '@shop/contracts/common.ts';
import { Problem } from '@shop/contracts/problems.ts';
import { setCacheHeaders } from '../cache-headers.ts';
import { ProblemError } from '../problem-error.ts';

const tags = ['Catalogue'];

export const catalogRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.addHook('onSend', async (request, reply) => {
    if (reply.statusCode === 200) setCacheHeaders(request, reply);
  });

  app.get(
    '/api/categories',
    {
      config: { unlimited: true },
      schema: { tags, summary: 'All categories', response: { 200: CategoryList, default: Problem } },
    },
    async (request) => await app.catalog.categories(request.consistency),
  );

  app.get(
    '/api/categories/:id',
    {
      config: { unlimited: true },
      schema: {
        tags,
        summary: 'One category',
        params: IdParams,
        response: { 200: Category, default: Problem },
      },
    },
    async (request) => {
      const category = await app.catalog.category(request.params.id, request.consistency);
      if (!category) throw new ProblemError('not-found');
      return category;
    },
  );

  app.get(
    '/api/products',
    {
      schema: {
        tags,
        summary: 'Products by category, search and order',
        querystring: ProductQuery,
        response: { 200: ProductList, default: Problem },
      },
    },
    async (request) => await app.catalog.products(request.query, request.consistency),
  );

  app.get(
    '/api/products/suggestions',
    {
      schema: {
        tags,
        summary: 'Products for the beginning of a search',
        querystring: SuggestionQuery,
        response: { 200: Suggestions, default: Problem },
      },
    },
    async (request) => await app.catalog.suggestions(request.query.q ?? '', request.consistency),
  );

  app.get(
    '/api/products/:slug',
    {
      config: { unlimited: true },
      schema: {
        tags,
        summary: 'One product, by slug or id',
        params: SlugParams,
        response: { 200: Product, default: Problem },
      },
    },
    async (request) => {
      const product = await app.catalog.product(request.params.slug, request.consistency);
      if (!product) throw new ProblemError('not-found');
      return product;
    },
  );
};
