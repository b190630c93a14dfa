import { defineConfig } from '@medusajs/framework/utils';

const redisUrl = process.env.REDIS_URL;

/**
 * The configuration of Medusa's deployment guide (learn/deployment/general): server and worker apart, and the Redis modules
 * for sessions, caching, events, workflows and locks. The admin's pages are left out, because no measured call reaches them;
 * so are S3 and SendGrid, which need an account there.
 */
module.exports = defineConfig({
  projectConfig: {
    databaseUrl: process.env.DATABASE_URL,
    // Postgres is in the same network of containers and offers no TLS.
    databaseDriverOptions: { connection: { ssl: false } },
    redisUrl,
    workerMode: process.env.MEDUSA_WORKER_MODE as 'shared' | 'worker' | 'server',
    http: {
      storeCors: 'http://localhost',
      adminCors: 'http://localhost',
      authCors: 'http://localhost',
      jwtSecret: process.env.JWT_SECRET,
      cookieSecret: process.env.COOKIE_SECRET,
    },
  },
  admin: { disable: process.env.DISABLE_MEDUSA_ADMIN === 'true' },
  featureFlags: { caching: true },
  modules: [
    {
      resolve: '@medusajs/medusa/caching',
      options: {
        providers: [
          {
            resolve: '@medusajs/caching-redis',
            id: 'caching-redis',
            is_default: true,
            options: { redisUrl },
          },
        ],
      },
    },
    { resolve: '@medusajs/medusa/event-bus-redis', options: { redisUrl } },
    { resolve: '@medusajs/medusa/workflow-engine-redis', options: { redis: { redisUrl } } },
    {
      resolve: '@medusajs/medusa/locking',
      options: {
        providers: [
          {
            resolve: '@medusajs/medusa/locking-redis',
            id: 'locking-redis',
            is_default: true,
            options: { redisUrl },
          },
        ],
      },
    },
    {
      resolve: '@medusajs/medusa/payment',
      options: { providers: [{ resolve: './src/modules/settled-payment', id: 'dummy' }] },
    },
  ],
});
