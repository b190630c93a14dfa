/** The edges' cache: shared for a second, never personal, never in the way of reading one's own writes. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { type Behaviour, EdgeAlone } from './edge-alone.ts';
import { edges, get } from './edge-client.ts';

const [{ http: edge }] = edges;
// A query of its own for each test, so that none finds another's entry.
const fresh = () => `/api/products?limit=1&q=${Math.random().toString(36).slice(2)}`;

/** Asks until the answer comes out of the cache; a second can end between two requests. */
async function untilHit(path: string, headers: Record<string, string> = {}) {
  for (let attempt = 1; attempt <= 20; attempt += 1) {
    const reply = await get(edge, path, headers);
    if (reply.headers['x-cache'] === 'HIT') return reply;
  }
  throw new Error(`${path} never came out of the cache`);
}

test('a catalogue answer is kept for a second, and named after the replica that made it', async () => {
  const path = fresh();
  const first = await get(edge, path);
  expect(first.headers['x-cache']).toBe('MISS');
  const second = await untilHit(path);
  expect(second.body).toBe(first.body);
  expect(second.headers['x-served-by']).toMatch(/./);
  expect(second.headers['x-served-by']).not.toMatch(/^edge-/);
  expect(second.headers['x-request-id']).not.toBe(first.headers['x-request-id']);
  await sleep(2100);
  expect((await get(edge, path)).headers['x-cache']).toBe('MISS');
});

test('an answer names its edge and its database node; a cached copy of it names no node', async () => {
  // Ids of pages are read from the database whenever no cache has them.
  const path = fresh();
  const made = (await get(edge, path)).headers['server-timing'];
  expect(made).toMatch(
    /^edge;desc="edge-1";dur=\d+, (?:db;desc="db-[123]";dur=[\d.]+, )+.*total;dur=[\d.]+$/,
  );
  expect((await untilHit(path)).headers['server-timing']).toMatch(/^edge;desc="edge-1";dur=\d+$/);
  expect((await get(edge, '/robots.txt')).headers['server-timing']).toMatch(/^edge;desc="edge-1";dur=\d+$/);
});

test('a page of the other edge may read how long an answer took, a page of another site may not', async () => {
  const [, { http: other }] = edges;
  const allowed = await get(edge, '/api/categories', { origin: other });
  expect(allowed.headers['timing-allow-origin']).toBe(other);
  expect(allowed.headers['access-control-expose-headers']).toContain('server-timing');
  const refused = await get(edge, '/api/categories', { origin: 'https://example.org' });
  expect(refused.headers['timing-allow-origin']).toBeUndefined();
});

test('all public reads of the catalogue say how the cache answered', async () => {
  for (const path of [
    '/api/categories',
    '/api/categories/nothing',
    '/api/products',
    '/api/products/suggestions?q=a',
    '/api/products/nothing',
  ]) {
    expect((await get(edge, path)).headers['x-cache'], path).toMatch(/^(HIT|MISS)$/);
  }
});

test('a session that has just written is answered past the cache, and leaves nothing in it', async () => {
  const path = fresh();
  // Of several cookies of the name, another program may have set the first or the last.
  for (const cookie of [
    'watermark=0',
    'watermark=; watermark=0',
    'watermark=0; watermark=',
    'sid=1;watermark=;  watermark=0;theme=dark',
  ]) {
    expect((await get(edge, path, { cookie })).headers['x-cache'], cookie).toBe('BYPASS');
  }
  expect((await get(edge, path)).headers['x-cache']).toBe('MISS');
  for (const cookie of ['watermark=', 'sid=1; watermark=;', 'the-watermark=0', '']) {
    expect((await get(edge, path, { cookie })).headers['x-cache'], cookie).toMatch(/^(MISS|HIT)$/);
  }
});

test('a session shares the cache with guests and leaves nothing of its own in it', async () => {
  const path = fresh();
  const first = await get(edge, path, { cookie: 'sid=stranger' });
  expect(first.headers['set-cookie']).toBeUndefined();
  expect((await untilHit(path)).body).toBe(first.body);
});

test('no other answer is cached', async () => {
  const replies = await Promise.all(Array.from({ length: 12 }, () => get(edge, '/api/whoami')));
  for (const { headers } of replies) {
    expect(headers['x-cache']).toBeUndefined();
    expect(headers['cache-control']).toContain('no-store');
  }
  expect(new Set(replies.map(({ headers }) => headers['x-served-by'])).size).toBeGreaterThan(1);
});

test('an answer that is too old is sent while no replica answers, and not afterwards', async () => {
  const alone = new EdgeAlone();
  try {
    await alone.start();
    const path = `/api/products?${randomUUID()}`;
    const ask = async (behaviour: Behaviour) => {
      const { status, headers } = await get(alone.url, path, { 'x-behaviour': behaviour });
      return [status, headers['x-cache']];
    };
    expect(await ask('answer')).toEqual([200, 'MISS']);
    await sleep(2100);
    for (const behaviour of ['unavailable', 'reset'] as const) {
      expect(await ask(behaviour)).toEqual([200, 'STALE']);
      await alone.untilBothServe();
    }
    expect(await ask('answer')).toEqual([200, 'MISS']);
  } finally {
    await alone.stop();
  }
});
