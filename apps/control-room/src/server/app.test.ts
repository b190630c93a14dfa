import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Snapshot } from '../shared/snapshot.ts';
import { openApp } from './testing/opened.ts';

let room: Awaited<ReturnType<typeof openApp>>;
beforeEach(async () => {
  room = await openApp();
});
afterEach(() => room.app.close());

test('a link is exchanged once for a cookie that scripts and other sites do not get', async () => {
  const { app, call, links, sessions } = room;
  const path = `/enter?token=${sessions.link}`;
  const { statusCode, headers } = await call(path);
  expect([statusCode, headers.location]).toEqual([303, '/']);
  const { port } = new URL(app.listeningOrigin);
  expect(headers['set-cookie']).toEqual([
    expect.stringMatching(new RegExp(`^control-room-${port}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict$`)),
  ]);
  expect(links.used).toBe(1);
  expect((await call(path)).statusCode).toBe(401);
  expect((await call('/enter?token=')).statusCode).toBe(401);
  expect((await call('/enter?tokens=')).statusCode).toBe(401);
  expect(links.used).toBe(1);
});

test('the server sends files and events to a browser with the cookie, and lets no cache keep them and no frame show them', async () => {
  const { call, enter } = room;
  const cookie = await enter();
  const file = await call('/opened.ts', { cookie });
  expect(file.statusCode).toBe(200);
  expect(file.headers).toMatchObject({
    'cache-control': 'no-store',
    'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
    'cross-origin-resource-policy': 'same-origin',
  });
});

const paths = [
  '/',
  '/opened.ts',
  '/events',
  '/charts',
  '/statements',
  '/experiments',
  '/docs/objectives.md',
  '/nothing',
];
test.each([...paths, '/statements/db-1/shop_app/7/plan'])('%s needs the cookie of a link', async (path) => {
  const { app, call, listeners } = room;
  const other = `control-room-${new URL(app.listeningOrigin).port}=${'a'.repeat(43)}`;
  for (const headers of [{}, { cookie: other }, { cookie: 'control-room-1=a' }] as Record<string, string>[])
    expect((await call(path, headers)).statusCode).toBe(401);
  expect(listeners.size).toBe(0);
});

test.each([
  ['the host of a rebound name', { host: 'attacker.example:80' }],
  ['localhost, where the pages of the shop are', { host: 'localhost' }],
  ['our address with another port', { host: '127.0.0.1:1' }],
  ['a foreign origin', { origin: 'https://attacker.example' }],
  ['an origin without a name', { origin: 'null' }],
  ['the origin of the shop on the same machine', { origin: 'http://127.0.0.1:8080' }],
  ['a call from another site', { 'sec-fetch-site': 'cross-site' }],
  ['a call from another port of this machine', { 'sec-fetch-site': 'same-site' }],
] as [string, Record<string, string>][])(
  '%s is refused, even with the cookie or the link',
  async (_, headers) => {
    const { call, enter, links, listeners, sessions } = room;
    const cookie = await enter();
    expect((await call('/events', { cookie, ...headers })).statusCode).toBe(403);
    expect((await call(`/enter?token=${sessions.link}`, headers)).statusCode).toBe(403);
    expect(links.used).toBe(1);
    expect(listeners.size).toBe(0);
  },
);

test('the page itself is served to a call of its own origin', async () => {
  const { app, call, enter } = room;
  const own = { origin: app.listeningOrigin, 'sec-fetch-site': 'same-origin' };
  expect((await call('/opened.ts', { cookie: await enter(), ...own })).statusCode).toBe(200);
});

test('events are the snapshots, and the watch ends with the page', async () => {
  const { call, enter, listeners, place, timeline } = room;
  timeline.begin({ name: 'an action', strike: () => new Promise(() => {}) });
  const answer = await call('/events', { cookie: await enter() });
  expect(answer.headers['content-type']).toBe('text/event-stream');
  expect(listeners.size).toBe(1);
  const snapshot: Snapshot = { at: 7, containers: [] };
  for (const listener of listeners) listener(snapshot);
  let received = '';
  for await (const text of answer.setEncoding('utf8')) {
    received += text;
    // Leaving the loop closes the connection, as a page that is closed does.
    if (received.includes('data: ')) break;
  }
  const news = { ...snapshot, place, actions: timeline.actions, shoppers: { state: 'never' } };
  expect(received).toBe(`retry: 1000\n\ndata: ${JSON.stringify(news)}\n\n`);
  await expect.poll(() => listeners.size).toBe(0);
});

test('the server listens on 127.0.0.1 and nowhere else', () => {
  expect(room.app.addresses()).toMatchObject([{ address: '127.0.0.1' }]);
});
