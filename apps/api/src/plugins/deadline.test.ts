import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import Fastify from 'fastify';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import deadline from './deadline.ts';
import problems from './problems.ts';

const app = Fastify();
let origin: string;
/** The handler of `/wait` runs, and its signal. */
const waiting = Promise.withResolvers<AbortSignal>();

beforeAll(async () => {
  await app.register(problems);
  await app.register(deadline, { config: { requestDeadlineMs: 2_000 } });
  app.post<{ Querystring: { ms: string } }>('/sleep', async ({ query, signal }) => {
    await sleep(Number(query.ms));
    return { aborted: signal.aborted };
  });
  app.post('/wait', async ({ signal }) => {
    waiting.resolve(signal);
    await once(signal, 'abort');
  });
  origin = await app.listen({ port: 0 });
});
afterAll(() => app.close());

const post = (path: string, signal?: AbortSignal) =>
  request(`${origin}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"a":1}',
    signal,
  });

describe('the deadline of a request with a body', () => {
  it('does not fire while the handler is in time', async () => {
    const { statusCode, body } = await post('/sleep?ms=100');
    expect([statusCode, await body.json()]).toEqual([200, { aborted: false }]);
  });

  it('answers 504 when the handler is late', async () => {
    const { statusCode, body } = await post('/sleep?ms=3000');
    expect([statusCode, await body.json()]).toEqual([
      504,
      expect.objectContaining({ code: 'deadline-exceeded' }),
    ]);
  });

  it('aborts when the client goes away', async () => {
    const client = new AbortController();
    const answer = post('/wait', client.signal).catch(() => 'gone');
    const signal = await waiting.promise;
    client.abort();
    expect(await answer).toBe('gone');
    if (!signal.aborted) await once(signal, 'abort');
    // Not the deadline's reason.
    expect(signal.reason).toMatchObject({ name: 'AbortError' });
  });
});
