import fp from 'fastify-plugin';
import { Type } from 'typebox';
import { ProblemError } from '../problem-error.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** From now on a request that the edge may repeat is answered 503, and the edge sends it to another replica. */
    startDraining(): void;
  }
}

const State = Type.Enum(['ok', 'unavailable']);
const Readiness = Type.Object({
  status: Type.Enum(['ok', 'draining', 'unavailable']),
  checks: Type.Object({ postgres: State, redis: State }),
});

/**
 * `/livez`: the process runs. It asks no store, so a store that is down restarts no API.
 * `/readyz`: this replica can serve. Draining turns it to 503 before the server stops listening.
 */
export default fp(
  async (app) => {
    let draining = false;
    app.decorate('startDraining', () => {
      draining = true;
    });

    app.addHook('onRequest', async (request) => {
      if (!draining || request.url === '/livez' || request.url === '/readyz') return;
      // The edge sends a repeatable request to another replica. It may not repeat others: they are served until the
      // server stops listening. A refused connection then tells the edge that nothing was sent.
      const repeatable = !['POST', 'PATCH'].includes(request.method) || 'idempotency-key' in request.headers;
      if (repeatable) throw new ProblemError('unavailable', { detail: 'This replica is draining' });
    });

    // The edge then opens its next connection to another replica. Requests that came before the drain send it too:
    // otherwise a connection stays open after the server stopped listening, and the process does not end.
    app.addHook('onSend', async (_request, reply, payload) => {
      if (draining) reply.header('connection', 'close');
      return payload;
    });

    app.get(
      '/livez',
      {
        schema: {
          tags: ['Operations'],
          summary: 'The process is alive',
          response: { 200: Type.Object({ status: Type.Literal('ok') }) },
        },
      },
      async (_request, reply) => {
        reply.header('cache-control', 'no-store');
        return { status: 'ok' as const };
      },
    );

    app.get(
      '/readyz',
      {
        schema: {
          tags: ['Operations'],
          summary: 'This replica can serve',
          response: { 200: Readiness, 503: Readiness },
        },
      },
      async (_request, reply) => {
        const answers = await Promise.allSettled([app.db.ping(), app.redisFailFast.ping()]);
        const [postgres, redis] = answers.map(({ status }) =>
          status === 'fulfilled' ? 'ok' : 'unavailable',
        );
        // Without Redis a logged-in customer can still browse and order; without Postgres no client can.
        const status = draining ? 'draining' : postgres === 'ok' ? 'ok' : 'unavailable';
        reply.header('cache-control', 'no-store').code(status === 'ok' ? 200 : 503);
        if (status !== 'ok') reply.header('retry-after', '1');
        return { status, checks: { postgres, redis } };
      },
    );
  },
  { name: 'health', dependencies: ['database', 'redis'] },
);
