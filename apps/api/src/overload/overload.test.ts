import Fastify, { type FastifyInstance } from 'fastify';
import { describe, expect, test } from 'vitest';
import metrics from '../plugins/metrics.ts';
import problems from '../plugins/problems.ts';
import overload from './overload.plugin.ts';

/**
 * A replica with room for two of each kind, whose `/slow` answers the first two when `gate` opens. It answers others at
 * once: one that should have been refused is seen, and not waited for.
 */
async function replica() {
  const app: FastifyInstance = Fastify({ forceCloseConnections: true });
  await app.register(problems);
  await app.register(metrics);
  await app.register(overload, {
    config: {
      admission: { maxReads: 2, maxWrites: 2 },
      requestDeadlineMs: 8_000,
      brokenVariant: undefined,
    },
  });
  const gate = Promise.withResolvers<void>();
  let arrived = 0;
  const slow = async () => {
    arrived += 1;
    if (arrived <= 2) await gate.promise;
    return { done: true };
  };
  app.get('/slow', slow).post('/slow', slow);
  app.get('/livez', async () => ({ status: 'ok' }));
  /** Resolves when as many are in progress as there is room for. */
  const full = async () => {
    while (arrived < 2) await new Promise(setImmediate);
  };
  return { app, gate, full };
}

describe('a replica at its limit', () => {
  test('refuses the excess at once with Retry-After, finishes what it accepted, and recovers', async () => {
    const { app, gate, full } = await replica();
    const accepted = [app.inject('/slow'), app.inject('/slow')];
    await full();
    const refused = await app.inject('/slow');
    expect(refused.statusCode).toBe(429);
    expect(refused.headers['retry-after']).toBe('1');
    expect(refused.json().code).toBe('overloaded');
    // A probe of the process must be answered, above all now.
    expect((await app.inject('/livez')).statusCode).toBe(200);

    gate.resolve();
    expect((await Promise.all(accepted)).map(({ statusCode }) => statusCode)).toEqual([200, 200]);
    expect((await app.inject('/slow')).statusCode).toBe(200);
    await app.close();
  });

  test('serves reads while more writes come than it can carry', async () => {
    const { app, gate, full } = await replica();
    const post = () => app.inject({ method: 'POST', url: '/slow' });
    const accepted = [post(), post()];
    await full();
    expect((await post()).statusCode).toBe(429);
    const read = app.inject('/slow');
    gate.resolve();
    expect((await read).statusCode).toBe(200);
    expect((await Promise.all(accepted)).map(({ statusCode }) => statusCode)).toEqual([200, 200]);
    await app.close();
  });

  test('frees the place of a disconnected client only when its work has ended', async () => {
    const { app, gate, full } = await replica();
    const origin = await app.listen({ port: 0 });
    const left = new AbortController();
    const gone = [1, 2].map(() => fetch(`${origin}/slow`, { signal: left.signal }).catch(() => 'gone'));
    await full();
    left.abort();
    await Promise.all(gone);
    expect((await fetch(`${origin}/slow`)).status).toBe(429);
    gate.resolve();
    expect((await fetch(`${origin}/slow`)).status).toBe(200);
    await app.close();
  });
});
