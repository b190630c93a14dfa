import { setTimeout as sleep } from 'node:timers/promises';
import Fastify from 'fastify';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import deadline from './deadline.ts';
import problems from './problems.ts';

const app = Fastify();
let origin: string;
let aborted: Promise<unknown>;

beforeAll(async () => {
  await app.register(problems);
  await app.register(deadline, { config: { requestDeadlineMs: 300 } });
  app.post<{ Querystring: { ms: string } }>('/sleep', async ({ query, signal }) => {
    await sleep(Number(query.ms));
    return { aborted: signal.aborted };
  });
  app.post('/wait', ({ signal }) => {
    aborted = new Promise((resolve) => signal.addEventListener('abort', () => resolve(signal.reason)));
    return aborted;
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
    const { statusCode, body } = await post('/sleep?ms=600');
    expect([statusCode, await body.json()]).toEqual([
      504,
      expect.objectContaining({ code: 'deadline-exceeded' }),
    ]);
  });

  it('aborts when the client goes away', async () => {
    const client = new AbortController();
    const answer = post('/wait', client.signal).catch(() => 'gone');
    await sleep(100);
    client.abort();
    expect(await answer).toBe('gone');
    // Not the deadline's reason.
    await expect(aborted).resolves.toMatchObject({ name: 'AbortError' });
  });
});
