import fp from 'fastify-plugin';
import { Type } from 'typebox';
import { ProblemError } from '../problem-error.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** From now on what the edge may repeat is answered 503, which sends it to the next replica. */
    startDraining(): void;
  }
}

const State = Type.Enum(['ok', 'unavailable']);
const Readiness = Type.Object({
  status: Type.Enum(['ok', 'draining', 'unavailable']),
  checks: Type.Object({ postgres: State, redis: State }),
});

/**
 * `/livez`: the process runs, nothing more, so a store that is away never gets an API restarted.
 * `/readyz`: this replica can serve. Drain starts here, before the server stops listening.
 */
export default fp(
  async (app) => {
    let draining = false;
    app.decorate('startDraining', () => {
      draining = true;
    });

    app.addHook('onRequest', async (request) => {
      if (!draining || request.url === '/livez' || request.url === '/readyz') return;
      // What the edge may repeat goes to the next replica now; what it may not is served until we stop listening,
      // when the refused connection tells the edge that nothing was sent.
      const repeatable = !['POST', 'PATCH'].includes(request.method) || 'idempotency-key' in request.headers;
      if (repeatable) throw new ProblemError('unavailable', { detail: 'This replica is draining' });
    });

    // The edge's next request opens a connection to somebody else. Also for what came before the drain began: the
    // connection of a request that finishes after we stopped listening would be kept, and the process with it.
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
        // Without Redis a shopper who is logged in can still browse and order; without Postgres nobody can.
        const status = draining ? 'draining' : postgres === 'ok' ? 'ok' : 'unavailable';
        reply.header('cache-control', 'no-store').code(status === 'ok' ? 200 : 503);
        if (status !== 'ok') reply.header('retry-after', '1');
        return { status, checks: { postgres, redis } };
      },
    );
  },
  { name: 'health', dependencies: ['database', 'redis'] },
);
