import type { Watermark } from '@shop/database/consistency.ts';
import { formatWatermark } from '@shop/database/consistency.ts';
import { cacheOptions, productsChanged } from '@shop/redis/catalog-cache.ts';
import { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { v7 as uuid } from 'uuid';

export type CatalogCache = {
  /**
   * Tells the catalogue's cache that the stock of products has changed. If that fails, old entries live 10 s at most.
   */
  invalidate(productIds: string[], watermark: Watermark): Promise<void>;
  close(): void;
};

export function openCatalogCache(url: string, log: Logger): CatalogCache {
  const redis = new Redis(url, { ...cacheOptions, commandTimeout: 500 });
  redis.on('error', (error) => log.debug({ err: error }, 'cache connection'));
  return {
    async invalidate(productIds, watermark) {
      if (productIds.length === 0) return;
      try {
        await productsChanged(redis, productIds, { watermark: formatWatermark(watermark), name: uuid() });
      } catch (error) {
        log.debug({ err: error }, 'the cache is away');
      }
    },
    close: () => redis.disconnect(),
  };
}
