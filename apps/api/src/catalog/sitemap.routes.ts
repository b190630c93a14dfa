import { Readable } from 'node:stream';
import type { FastifyPluginAsync } from 'fastify';
import { SitemapStream, streamToPromise } from 'sitemap';
import type { Config } from '../config.ts';
import { findSitemapPages } from './catalog.repository.ts';

/** As long as the edge may keep it: it costs a read of the whole catalogue, and no search engine is in a hurry. */
const keepSeconds = 300;

/** `/sitemap.xml`: the start page, every category, every product that is for sale. */
export const sitemapRoutes: FastifyPluginAsync<{ config: Pick<Config, 'edgeOrigins'> }> = async (
  app,
  { config },
) => {
  app.get('/sitemap.xml', { schema: { hide: true } }, async (request, reply) => {
    // Under the address it was asked at, if that is one of ours.
    const asked = `${request.protocol}://${request.host}`;
    const hostname = config.edgeOrigins.includes(asked) ? asked : config.edgeOrigins[0];
    const { categories, products } = await request.db.readReplica(findSitemapPages);
    const pages = [
      { url: '/' },
      ...categories.map(({ id }) => ({ url: `/category/${id}` })),
      ...products.map(({ slug, updatedAt }) => ({
        url: `/product/${slug}`,
        lastmod: updatedAt.toISOString(),
      })),
    ];
    reply.header('cache-control', `public, max-age=${keepSeconds}`);
    reply.type('application/xml');
    return await streamToPromise(Readable.from(pages).pipe(new SitemapStream({ hostname })));
  });
};
