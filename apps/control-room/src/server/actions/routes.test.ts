import { afterEach, beforeEach, expect, test } from 'vitest';
import { openApp } from '../testing/opened.ts';

let room: Awaited<ReturnType<typeof openApp>>;
beforeEach(async () => {
  room = await openApp();
});
afterEach(() => room.app.close());

const kill = ['/containers/known/actions', { action: 'kill' }] as const;

test('an action of the page happens, is on the timeline, and is undone by one call', async () => {
  const { post, struck, timeline } = room;
  const [status, action] = await post(...kill);
  expect([status, action]).toMatchObject([202, { id: 1, name: 'kill known', undoable: true }]);
  await expect.poll(() => timeline.actions[0]?.outcome).toBe('done');
  expect((await post('/actions/1/undo', {}))[0]).toBe(202);
  await expect.poll(() => timeline.actions[0]?.outcome).toBe('undone');
  expect(struck).toEqual(['kill known', 'undo kill known']);
  expect(await post('/actions/1/undo', {})).toMatchObject([
    409,
    { message: expect.stringContaining('cannot be undone') },
  ]);
  expect((await post('/actions/2/undo', {}))[0]).toBe(409);
});

test('one call kills one of each kind, and one undo brings all of them back', async () => {
  const { post, struck, timeline } = room;
  expect(await post('/one-of-each', {})).toMatchObject([202, { isFault: true, undoable: true }]);
  await expect.poll(() => timeline.actions[0]?.outcome).toBe('done');
  await post('/actions/1/undo', {});
  await expect.poll(() => struck).toEqual(['kill one of each', 'undo kill one of each']);
});

test('the API is scaled to a number from 1 to 9', async () => {
  const { post, struck } = room;
  expect((await post('/api-replicas', { count: 5 }))[0]).toBe(202);
  await expect.poll(() => struck).toEqual(['scale 5']);
});

test('the edges take another balancing method, and one call gives them back the one before', async () => {
  const { post, struck, timeline } = room;
  expect((await post('/balancing', { method: 'round-robin' }))[0]).toBe(202);
  await expect.poll(() => timeline.actions[0]?.outcome).toBe('done');
  expect((await post('/actions/1/undo', {}))[0]).toBe(202);
  await expect.poll(() => struck).toEqual(['balance round-robin', 'undo balance round-robin']);
});

test('a broken build is switched on, one at a time, and the end of the server switches it off', async () => {
  const { app, post, struck } = room;
  const [status, action] = await post('/broken-build', { build: 'sessions-in-memory' });
  expect([status, action]).toMatchObject([202, { build: 'sessions-in-memory', undoable: true }]);
  expect(await post('/broken-build', { build: 'no-idempotency-row' })).toMatchObject([
    409,
    { message: 'A broken build is on: undo it first.' },
  ]);
  expect((await post('/actions/1/undo', {}))[0]).toBe(202);
  await expect.poll(() => struck).toEqual(['build sessions-in-memory', 'undo build sessions-in-memory']);
  expect((await post('/broken-build', { build: 'no-idempotency-row' }))[0]).toBe(202);
  await app.close();
  expect(struck.slice(2)).toEqual(['build no-idempotency-row', 'undo build no-idempotency-row']);
});

const usual = { perSecond: 10, mix: 'usual' };

test('shoppers start, take another shape, and stop by calls of the page; a start is undone by a stop', async () => {
  const { post, told, supervisor, timeline } = room;
  expect(await post('/shoppers', usual)).toMatchObject([
    202,
    { name: 'start shoppers: 10 a second, usual mix' },
  ]);
  expect((await post('/shoppers', usual))[0]).toBe(409);
  told.says({ shaped: true });
  await expect.poll(() => timeline.actions[0]?.outcome).toBe('done');
  await post('/shoppers', { perSecond: 20, mix: 'buying' });
  told.says({ shaped: true });
  await expect.poll(() => supervisor.news.shape?.perSecond).toBe(20);
  await expect.poll(() => timeline.actions[0]?.outcome).toBe('done');
  await post('/actions/2/undo', {});
  told.says({ shaped: true });
  await expect.poll(() => supervisor.news.shape).toEqual(usual);
  await post('/actions/1/undo', {});
  await expect.poll(() => supervisor.news.state).toBe('stopping');
  expect((await post('/shoppers/stop', {}))[0]).toBe(409);
  told.ends();
  expect(supervisor.news.state).toBe('stopped');
});

test('the shoppers are told of a fault that strikes while they shop', async () => {
  const { post, told, supervisor } = room;
  await post('/shoppers', usual);
  told.says({ shaped: true });
  await expect.poll(() => supervisor.news.state).toBe('shopping');
  await post(...kill);
  expect(told.orders.at(-1)).toMatchObject({ struck: { id: 2, name: 'kill known' } });
});

test.each([
  ['no shopper at all', '/shoppers', { ...usual, perSecond: 0 }, 400, 'body/perSecond'],
  ['too many shoppers', '/shoppers', { ...usual, perSecond: 51 }, 400, 'body/perSecond'],
  ['a mix that there is not', '/shoppers', { ...usual, mix: 'stealing' }, 400, 'body/mix'],
  ['a stop without shoppers', '/shoppers/stop', {}, 409, 'No shoppers'],
  [
    'a container of another project',
    '/containers/foreign/actions',
    { action: 'kill' },
    404,
    'no container with that id',
  ],
  ['an action that there is not', '/containers/known/actions', { action: 'remove' }, 400, 'body/action'],
  ['an action for a pod', '/containers/known/actions', { action: 'delete' }, 400, 'body/action'],
  ['no action', '/containers/known/actions', {}, 400, "'action'"],
  ['a broken build that there is not', '/broken-build', { build: 'fences-the-living' }, 400, 'body/build'],
  ['a balancing method that there is not', '/balancing', { method: 'fastest' }, 400, 'body/method'],
  ['no replica at all', '/api-replicas', { count: 0 }, 400, 'body/count'],
  ['too many replicas', '/api-replicas', { count: 10 }, 400, 'body/count'],
  ['half a replica', '/api-replicas', { count: 1.5 }, 400, 'body/count'],
  ['an action without a number', '/actions/first/undo', {}, 400, 'params/id'],
])('%s is refused, and the answer names what is wrong', async (_, path, body, status, words) => {
  expect(await room.post(path, body)).toMatchObject([status, { message: expect.stringContaining(words) }]);
  expect(room.struck).toEqual([]);
});

test.each([
  ['without the cookie', () => ({ origin: room.app.listeningOrigin }), 401],
  ['from a foreign origin', (cookie: string) => ({ cookie, origin: 'https://attacker.example' }), 403],
  ['from the shop on this machine', (cookie: string) => ({ cookie, origin: 'http://localhost:8080' }), 403],
  ['without an origin', (cookie: string) => ({ cookie }), 403],
] as [string, (cookie: string) => Record<string, string>, number][])(
  'a call %s changes nothing',
  async (_, headersWith, status) => {
    const { call, enter, struck, timeline, told } = room;
    const shopping = [
      ['/shoppers', usual],
      ['/shoppers/stop', {}],
    ] as const;
    const headers = headersWith(await enter());
    for (const [path, body] of [
      kill,
      ['/one-of-each', {}],
      ['/api-replicas', { count: 5 }],
      ['/balancing', { method: 'round-robin' }],
      ['/broken-build', { build: 'sessions-in-memory' }],
      ['/actions/1/undo', {}],
      ['/experiments', { name: '01-lab' }],
      ['/experiments/stop', {}],
      ...shopping,
    ] as const)
      expect((await call(path, headers, body)).statusCode).toBe(status);
    expect([struck, timeline.actions, told.orders]).toEqual([[], [], []]);
  },
);
