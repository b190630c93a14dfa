import { AsyncLocalStorage } from 'node:async_hooks';
import fp from 'fastify-plugin';

/** What one request has asked of others, as far as its answer tells. */
type Timings = { database: [node: string, durationMs: number][]; catalogCache?: string };

declare module 'fastify' {
  interface FastifyInstance {
    /** Notes, for the answer to the request that runs right now, who worked for it. Outside of a request: nothing. */
    serverTiming: {
      database(node: string, durationMs: number): void;
      catalogCache(outcome: string): void;
    };
  }
}

const ms = (duration: number) => Math.round(duration * 10) / 10;

/**
 * `Server-Timing: db;desc="db-2";dur=3.1, catalogue-cache;desc="miss", total;dur=5`: which database nodes served this
 * answer and for how long, and what the catalogue's cache knew. Whoever waited for another request's read ("coalesced")
 * names no node: it was not asked for him. A browser's tools show it, and so does the storefront's badge.
 */
export default fp(
  async (app) => {
    const current = new AsyncLocalStorage<Timings>();
    app.addHook('onRequest', (_request, _reply, done) => current.run({ database: [] }, done));
    app.decorate('serverTiming', {
      database(node, durationMs) {
        current.getStore()?.database.push([node, durationMs]);
      },
      catalogCache(outcome) {
        const timings = current.getStore();
        // Of a list and its products, the one that had to be fetched says more.
        if (timings && (timings.catalogCache ?? 'hit') === 'hit') timings.catalogCache = outcome;
      },
    });
    app.addHook('onSend', (_request, reply, payload, done) => {
      reply.header('server-timing', formatHeader(current.getStore(), reply.elapsedTime));
      done(null, payload);
    });
  },
  { name: 'server-timing' },
);

function formatHeader(timings: Timings | undefined, totalMs: number): string {
  const total = `total;dur=${ms(totalMs)}`;
  if (!timings) return total;
  let text = '';
  for (const [node, durationMs] of timings.database) text += `db;desc="${node}";dur=${ms(durationMs)}, `;
  if (timings.catalogCache) text += `catalogue-cache;desc="${timings.catalogCache}", `;
  return text + total;
}
