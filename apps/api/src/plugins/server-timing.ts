import { AsyncLocalStorage } from 'node:async_hooks';
import fp from 'fastify-plugin';

/** The database nodes and the cache outcome of one request. */
type Timings = { database: [node: string, durationMs: number][]; catalogCache?: string };

declare module 'fastify' {
  interface FastifyInstance {
    /** Records work for the current request's `Server-Timing` header. Outside of a request it records nothing. */
    serverTiming: {
      database(node: string, durationMs: number): void;
      catalogCache(outcome: string): void;
    };
  }
}

const ms = (duration: number) => Math.round(duration * 10) / 10;

/**
 * `Server-Timing: db;desc="db-2";dur=3.1, catalogue-cache;desc="miss", total;dur=5`: which database nodes served this
 * answer and for how long, and the outcome of the catalogue's cache. A request that waited for another request's read
 * ("coalesced") names no node. Browsers' developer tools show the header, and so does the storefront's badge.
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
        // A request may look up a list and its products: the header shows a miss of either, and a hit only if both hit.
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
