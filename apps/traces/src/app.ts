import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { collector } from '@shop/tracing/collector.ts';
import Fastify, { LogController } from 'fastify';
import { Type } from 'typebox';
import type { Config } from './config.ts';
import { TraceStore } from './trace-store.ts';

/**
 * A collector of spans with a memory of some minutes, for the control room. It takes OTLP over HTTP as any collector does,
 * and answers two questions: what belongs to a request, and which requests were the slowest.
 */
export function buildApp(config: Config) {
  const app = Fastify({
    logger: { level: config.logLevel },
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: true,
  }).withTypeProvider<TypeBoxTypeProvider>();
  const traces = new TraceStore(config);
  app.register(collector, { take: (spans) => traces.add(spans) });

  const Id = Type.Object({ id: Type.String({ maxLength: 64 }) });
  app.get('/requests/:id', { schema: { params: Id } }, async ({ params }) => traces.spansOf(params.id));

  const Recent = Type.Object({
    seconds: Type.Integer({ minimum: 1, default: 60 }),
    limit: Type.Integer({ minimum: 1, maximum: 100, default: 10 }),
  });
  app.get('/requests', { schema: { querystring: Recent } }, async ({ query }) =>
    traces.slowest(query.seconds, query.limit),
  );

  app.get('/livez', async () => ({ status: 'ok' }));
  return app;
}
