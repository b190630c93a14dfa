import cookie from '@fastify/cookie';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import traceRequests from '@shop/tracing/requests.ts';
import { traceIds } from '@shop/tracing/spans.ts';
import Fastify, { LogController } from 'fastify';
import admin from './admin/admin.plugin.ts';
import { authRoutes } from './auth/auth.routes.ts';
import { requireAdmin, requireCustomer } from './auth/guards.ts';
import session from './auth/session.plugin.ts';
import bearer from './auth/token/bearer.plugin.ts';
import { tokenRoutes } from './auth/token/token.routes.ts';
import tokenKeys from './auth/token/token-keys.plugin.ts';
import { cartRoutes } from './cart/cart.routes.ts';
import catalog from './catalog/catalog.plugin.ts';
import type { Config } from './config.ts';
import idempotency from './idempotency/idempotency.plugin.ts';
import { orderRoutes } from './orders/orders.routes.ts';
import publishAfterCommit from './outbox/publish-after-commit.ts';
import overload from './overload/overload.plugin.ts';
import consistency from './plugins/consistency.ts';
import crossOrigin from './plugins/cross-origin.ts';
import cursors from './plugins/cursors.ts';
import database from './plugins/database.ts';
import deadline from './plugins/deadline.ts';
import health from './plugins/health.ts';
import metrics from './plugins/metrics.ts';
import notFound from './plugins/not-found.ts';
import openapi from './plugins/openapi.ts';
import problems, { refuseAddress } from './plugins/problems.ts';
import { parseQuery } from './plugins/query-text.ts';
import rateLimit from './plugins/rate-limit.ts';
import redis from './plugins/redis.ts';
import replicaIdentity, { requestIdOf } from './plugins/replica-identity.ts';
import serverTiming from './plugins/server-timing.ts';
import validation from './plugins/validation.ts';
import { reviewRoutes } from './reviews/reviews.routes.ts';
import uploads from './uploads/uploads.plugin.ts';

/** The API, ready to listen or to be called by `inject`. Plugins are in boot order; a request passes their hooks in the same order. */
export async function buildApp(config: Config) {
  const app = Fastify({
    logger: {
      level: config.logLevel,
      mixin: traceIds,
      // Cookies, keys and bodies are never logged; a path is, without its query.
      serializers: {
        req: (request) => ({ method: request.method, path: request.url.split('?')[0] }),
      },
    },
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: requestIdOf,
    trustProxy: true,
    bodyLimit: 64 * 1024,
    frameworkErrors: refuseAddress,
    routerOptions: { maxParamLength: 200, querystringParser: parseQuery },
    // Longer than the edge keeps an idle connection (30 s, infra/edge/nginx/upstreams.conf): the edge must close first.
    keepAliveTimeout: 75_000,
    forceCloseConnections: 'idle',
    // More than the edge accepts, so that the edge refuses larger headers.
    http: { maxHeaderSize: 32 * 1024 },
    // Node gives a request that it cannot parse no id. The edge has its id, so the edge writes the problem.
    clientErrorHandler: (_error, socket) => {
      if (!socket.writable) return;
      socket.end(
        'HTTP/1.1 400 Bad Request\r\nX-Accel-Redirect: /_problem/invalid-header\r\nConnection: close\r\nContent-Length: 0\r\n\r\n',
      );
    },
  }).withTypeProvider<TypeBoxTypeProvider>();

  // What every request passes
  await app.register(traceRequests, { config, begins: '/api/', callersPerSecond: 5 });
  await app.register(problems);
  await app.register(deadline, { config });
  await app.register(validation);
  await app.register(notFound);
  await app.register(openapi, { config, guards: [requireCustomer, requireAdmin] });
  await app.register(metrics);
  await app.register(replicaIdentity, { config });
  await app.register(serverTiming);
  await app.register(overload, { config });
  await app.register(crossOrigin, { config });
  await app.register(cookie);

  // Stores
  await app.register(database, { config });
  await app.register(redis, { config });
  await app.register(tokenKeys, { config });
  await app.register(health);

  // How often a client may call, how fresh its answer must be, at which row a list continues
  await app.register(rateLimit, { config });
  await app.register(consistency, { config });
  await app.register(cursors, { config });

  // The same answer for every client: no session is loaded, because that would cost as much as the answer
  await app.register(catalog, { config });

  // An answer for one client: with its access token or its session
  await app.register(async (shop) => {
    await shop.register(bearer);
    await shop.register(session, { config });
    await shop.register(idempotency, { config });
    if (config.brokenVariant === 'published-after-commit')
      await shop.register(publishAfterCommit, { config });
    await shop.register(authRoutes, { config });
    await shop.register(tokenRoutes, { config });
    await shop.register(cartRoutes, { config });
    await shop.register(orderRoutes, { config });
    await shop.register(uploads, { config });
    await shop.register(reviewRoutes);
    await shop.register(admin, { config });
  });

  return app;
}

export type App = Awaited<ReturnType<typeof buildApp>>;
