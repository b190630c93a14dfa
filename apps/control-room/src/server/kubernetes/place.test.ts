import { afterEach, beforeEach, expect, test } from 'vitest';
import { openApp } from '../testing/opened.ts';
import { foreignCluster, ownCluster } from './place.ts';

let room: Awaited<ReturnType<typeof openApp>>;
beforeEach(async () => {
  room = await openApp({ place: ownCluster('shop') });
});
afterEach(() => room.app.close());

test.each(['/charts', '/traces', '/traces/some-id', '/experiments'])(
  'a question that only compose answers, %s, is refused with the reason',
  async (path) => {
    const answer = await room.call(path, { cookie: await room.enter() });
    expect(answer.statusCode).toBe(409);
    expect((await answer.setEncoding('utf8').toArray()).join('')).toMatch(/"None here: .+"/);
  },
);

test.each([
  ['/one-of-each', {}],
  ['/balancing', { method: 'round-robin' }],
  ['/experiments', { name: '01-lab' }],
  ['/experiments/stop', {}],
] as [string, object][])('%s is refused with the reason, and nothing is done', async (path, body) => {
  expect(await room.post(path, body)).toMatchObject([
    409,
    { message: expect.stringMatching(/^None here: /) },
  ]);
  expect(room.timeline.actions).toEqual([]);
});

test('a pod is killed and deleted, and what only a container knows is refused', async () => {
  for (const action of ['kill', 'delete'])
    expect((await room.post('/containers/known/actions', { action }))[0]).toBe(202);
  for (const action of ['stop', 'pause', 'cut', 'slow', 'restart', 'start'])
    expect((await room.post('/containers/known/actions', { action }))[0]).toBe(400);
  expect(room.struck).toEqual(['kill known', 'delete known']);
});

test('a call without the cookie is refused before it learns what is here', async () => {
  expect((await room.call('/charts')).statusCode).toBe(401);
});

test('a cluster elsewhere gets no shoppers, and none of its pods is killed', async () => {
  const elsewhere = await openApp({ place: foreignCluster('prod', 'shop') });
  const shape = { perSecond: 10, mix: 'usual' };
  expect(await elsewhere.post('/shoppers', shape)).toMatchObject([
    409,
    { message: expect.stringContaining('this machine alone') },
  ]);
  expect((await elsewhere.post('/broken-build', { build: 'no-idempotency-row' }))[0]).toBe(409);
  expect((await elsewhere.post('/containers/known/actions', { action: 'kill' }))[0]).toBe(400);
  expect((await elsewhere.post('/containers/known/actions', { action: 'delete' }))[0]).toBe(202);
  expect(elsewhere.struck).toEqual(['delete known']);
  await elsewhere.app.close();
});
