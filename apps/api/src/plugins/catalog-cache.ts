import { cacheOptions } from '@shop/redis/catalog-cache.ts';
import fp from 'fastify-plugin';
import { Redis } from 'ioredis';
import { Counter } from 'prom-client';
import { CatalogCache } from '../catalog/catalog.cache.ts';
import type { Config } from '../config.ts';

declare module 'fastify' {
  interface FastifyInstance {
    catalogCache: CatalogCache;
  }
}

/** The catalogue's cache, a Redis of its own that may be gone at any time. */
export default fp<{ config: Pick<Config, 'cacheUrl' | 'catalogCache'> }>(
  async (app, { config }) => {
    const lookups = new Counter({
      name: 'shop_catalog_cache_lookups_total',
      help: 'Things the catalogue asked its cache for, by kind and by what became of it',
      labelNames: ['kind', 'outcome'] as const,
      registers: [app.metrics],
    });
    const redis = config.catalogCache ? new Redis(config.cacheUrl, cacheOptions) : null;
    redis?.on('error', (error) => app.log.debug({ err: error }, 'catalogue cache'));
    app.decorate(
      'catalogCache',
      new CatalogCache(redis, (kind, outcome, amount) => {
        lookups.inc({ kind, outcome }, amount);
        if (amount > 0) app.serverTiming.catalogCache(outcome);
      }),
    );
    app.addHook('onClose', async () => redis?.disconnect());
  },
  { name: 'catalog-cache', dependencies: ['metrics', 'server-timing'] },
);
