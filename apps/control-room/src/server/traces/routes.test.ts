import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import type { TracedRequest } from '../../shared/traces.ts';
import { openApp } from '../testing/opened.ts';
import type { Traces } from './routes.ts';

const request: TracedRequest = {
  requestId: 'r-1',
  name: 'GET /api/cart',
  startMs: 1,
  durationMs: 2,
  failed: false,
};

async function ask(traces: Traces, path: string): Promise<[number | undefined, unknown]> {
  const { app, call, enter } = await openApp({ traces });
  const answer = await call(path, { cookie: await enter() });
  const said = JSON.parse(await text(answer));
  await app.close();
  return [answer.statusCode, said];
}

test('a page gets the slowest requests, and the spans of the one it names', async () => {
  const asked: string[] = [];
  const traces: Traces = {
    slowest: async () => [request],
    ofRequest: async (id) => {
      asked.push(id);
      return [];
    },
  };
  expect(await ask(traces, '/traces')).toEqual([200, { requests: [request] }]);
  expect(await ask(traces, '/traces/r%2F1')).toEqual([200, { spans: [] }]);
  expect(asked).toEqual(['r/1']);
});

test('a store that does not answer is said, and is no list without requests', async () => {
  const refuse = () => Promise.reject(new Error('it does not run'));
  const silent = [200, { silent: 'The store of traces does not answer' }];
  expect(await ask({ slowest: refuse, ofRequest: refuse }, '/traces')).toEqual(silent);
  expect(await ask({ slowest: refuse, ofRequest: refuse }, '/traces/r-1')).toEqual(silent);
});

test('a caller without the cookie gets no trace', async () => {
  const { app, call } = await openApp();
  expect((await call('/traces')).statusCode).toBe(401);
  await app.close();
});
