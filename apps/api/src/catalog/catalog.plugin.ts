import { BatchedRedis } from '@shop/redis/batched-redis.ts';
import { cacheOptions } from '@shop/redis/catalog-cache.ts';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { Counter } from 'prom-client';
import type { Config } from '../config.ts';
import { CatalogCache } from './catalog.cache.ts';
import { catalogRoutes } from './catalog.routes.ts';
import { Catalog } from './catalog.service.ts';
import { sitemapRoutes } from './sitemap.routes.ts';

declare module 'fastify' {
  interface FastifyInstance {
    catalog: Catalog;
  }
}

type Options = { config: Pick<Config, 'cacheUrl' | 'catalogCache' | 'edgeOrigins'> };

/** Categories, products, search and the sitemap; `app.catalog` for the features that read or change products. */
export default fp<Options>(
  async (app, { config }) => {
    app.decorate('catalog', new Catalog(app.db, openCache(app, config), app.cursors));
    await app.register(catalogRoutes);
    await app.register(sitemapRoutes, { config });
  },
  { name: 'catalog', dependencies: ['database', 'consistency', 'cursors', 'metrics', 'server-timing'] },
);

/** The catalogue's cache is a Redis of its own, which may be gone at any time. */
function openCache(app: FastifyInstance, config: Options['config']): CatalogCache {
  const lookups = new Counter({
    name: 'shop_catalog_cache_lookups_total',
    help: 'Entries that the catalogue asked its cache for, by kind and outcome',
    labelNames: ['kind', 'outcome'] as const,
    registers: [app.metrics],
  });
  const redis = config.catalogCache ? new BatchedRedis(config.cacheUrl, cacheOptions) : null;
  redis?.on('error', (error) => app.log.debug({ err: error }, 'catalogue cache'));
  app.addHook('onClose', async () => redis?.disconnect());
  return new CatalogCache(redis, (kind, outcome, amount) => {
    lookups.inc({ kind, outcome }, amount);
    if (amount > 0) app.serverTiming.catalogCache(outcome);
  });
}
