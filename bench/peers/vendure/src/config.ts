import { join } from 'node:path';
import {
  DefaultSchedulerPlugin,
  DefaultSearchPlugin,
  dummyPaymentHandler,
  RedisCachePlugin,
  UuidIdStrategy,
  type VendureConfig,
} from '@vendure/core';
import { defaultEmailHandlers, EmailPlugin, FileBasedTemplateLoader } from '@vendure/email-plugin';
import { HardenPlugin } from '@vendure/harden-plugin';
import { BullMQJobQueuePlugin } from '@vendure/job-queue-plugin/package/bullmq';

const redis = { host: process.env.REDIS_HOST, port: 6379 };

/**
 * The configuration that `@vendure/create` writes, with what Vendure's documents recommend for production
 * (deployment/production-configuration, deployment/horizontal-scaling): BullMQ, the cache in Redis, HardenPlugin and
 * UUIDs. The plugins of the dashboard and of assets are left out, because no measured call reaches them.
 */
export const config: VendureConfig = {
  apiOptions: {
    port: 3000,
    adminApiPath: 'admin-api',
    shopApiPath: 'shop-api',
    cors: { origin: ['http://localhost'], credentials: true },
    csrfPrevention: true,
  },
  authOptions: {
    tokenMethod: ['bearer', 'cookie'],
    superadminCredentials: { identifier: 'superadmin', password: process.env.SUPERADMIN_PASSWORD! },
    cookieOptions: { secret: process.env.COOKIE_SECRET },
  },
  dbConnectionOptions: {
    type: 'postgres',
    host: process.env.DB_HOST,
    username: 'postgres',
    database: 'postgres',
    synchronize: process.env.DB_SYNCHRONIZE === 'true',
    logging: false,
  },
  entityOptions: { entityIdStrategy: new UuidIdStrategy() },
  paymentOptions: { paymentMethodHandlers: [dummyPaymentHandler] },
  plugins: [
    HardenPlugin.init({ maxQueryComplexity: 500, apiMode: 'prod' }),
    DefaultSchedulerPlugin.init(),
    BullMQJobQueuePlugin.init({ connection: { ...redis, maxRetriesPerRequest: null } }),
    RedisCachePlugin.init({ redisOptions: redis }),
    DefaultSearchPlugin.init({ bufferUpdates: false, indexStockStatus: true }),
    EmailPlugin.init({
      transport: { type: 'smtp', host: process.env.SMTP_HOST, port: 1025, secure: false, ignoreTLS: true },
      handlers: defaultEmailHandlers,
      templateLoader: new FileBasedTemplateLoader(
        join(__dirname, '../node_modules/@vendure/email-plugin/templates'),
      ),
      globalTemplateVars: { fromAddress: '"Shop" <orders@shop.example>' },
    }),
  ],
};
