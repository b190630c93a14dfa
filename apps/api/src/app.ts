import cookie from '@fastify/cookie';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify, { LogController } from 'fastify';
import admin from './admin/admin.plugin.ts';
import auth from './auth/auth.plugin.ts';
import cart from './cart/cart.plugin.ts';
import catalog from './catalog/catalog.plugin.ts';
import { sitemapRoutes } from './catalog/sitemap.routes.ts';
import type { Config } from './config.ts';
import orders from './orders/orders.plugin.ts';
import publishAfterCommit from './outbox/publish-after-commit.ts';
import catalogCache from './plugins/catalog-cache.ts';
import consistency from './plugins/consistency.ts';
import crossOrigin from './plugins/cross-origin.ts';
import cursors from './plugins/cursors.ts';
import database from './plugins/database.ts';
import deadline from './plugins/deadline.ts';
import health from './plugins/health.ts';
import identity, { requestIdOf } from './plugins/identity.ts';
import keyedCalls from './plugins/keyed-calls.ts';
import metrics from './plugins/metrics.ts';
import notFound from './plugins/not-found.ts';
import objects from './plugins/objects.ts';
import openapi from './plugins/openapi.ts';
import overload from './plugins/overload.ts';
import problems from './plugins/problems.ts';
import rateLimit from './plugins/rate-limit.ts';
import redis from './plugins/redis.ts';
import serverTiming from './plugins/server-timing.ts';
import session from './plugins/session.ts';
import validation from './plugins/validation.ts';
import reviews from './reviews/reviews.plugin.ts';
import uploads from './uploads/uploads.plugin.ts';

/** The API, ready to listen or to be called by `inject`. Plugins in boot order; a request passes their hooks in this order too. */
export async function buildApp(config: Config) {
  const app = Fastify({
    logger: {
      level: config.logLevel,
      // Cookies, keys and bodies are never logged; a path is, without its query.
      serializers: {
        req: (request) => ({ method: request.method, path: request.url.split('?')[0] }),
      },
    },
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: requestIdOf,
    trustProxy: true,
    bodyLimit: 64 * 1024,
    routerOptions: { maxParamLength: 200 },
    // The edge keeps its connections for 60 s; the side that closes first must be the edge.
    keepAliveTimeout: 75_000,
    forceCloseConnections: 'idle',
    // More than the edge lets through, so that the edge is who refuses.
    http: { maxHeaderSize: 32 * 1024 },
    // What Node cannot even parse has no request id here; the edge knows it and writes the problem.
    clientErrorHandler: (_error, socket) => {
      if (!socket.writable) return;
      socket.end(
        'HTTP/1.1 400 Bad Request\r\nX-Accel-Redirect: /_problem/invalid-header\r\nConnection: close\r\nContent-Length: 0\r\n\r\n',
      );
    },
  }).withTypeProvider<TypeBoxTypeProvider>();

  // What every request passes
  await app.register(problems);
  await app.register(deadline, { config });
  await app.register(validation);
  await app.register(notFound);
  await app.register(openapi, { config });
  await app.register(metrics);
  await app.register(identity, { config });
  await app.register(serverTiming);
  await app.register(overload, { config });
  await app.register(crossOrigin, { config });
  await app.register(cookie);

  // Stores
  await app.register(database, { config });
  await app.register(redis, { config });
  await app.register(catalogCache, { config });
  await app.register(objects, { config });
  await app.register(health);

  // How often it is asked, how fresh the answer must be, where a list goes on
  await app.register(rateLimit, { config });
  await app.register(consistency, { config });
  await app.register(cursors, { config });

  // What is the same for everybody: nobody looks for a session, which would cost as much as the answer
  await app.register(catalog);
  await app.register(sitemapRoutes, { config });

  // What is not: who asks is known first
  await app.register(async (shop) => {
    await shop.register(session, { config });
    await shop.register(keyedCalls, { config });
    if (config.brokenVariant === 'published-after-commit')
      await shop.register(publishAfterCommit, { config });
    await shop.register(auth, { config });
    await shop.register(cart);
    await shop.register(orders, { config });
    await shop.register(uploads);
    await shop.register(reviews);
    await shop.register(admin, { config });
  });

  return app;
}

export type App = Awaited<ReturnType<typeof buildApp>>;
