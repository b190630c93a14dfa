import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import type { Charts } from '../../shared/charts.ts';
import { openApp } from '../testing/opened.ts';

async function ask(read: () => Promise<Charts>): Promise<[number | undefined, unknown]> {
  const { app, call, enter } = await openApp({ charts: read });
  const answer = await call('/charts', { cookie: await enter() });
  const said = JSON.parse(await text(answer));
  await app.close();
  return [answer.statusCode, said];
}

test('a page gets the charts that Prometheus has', async () => {
  const charts = { times: [15_000], charts: [] };
  expect(await ask(async () => charts)).toEqual([200, charts]);
});

test('a Prometheus that does not answer is an answer of its own, and no chart without lines', async () => {
  const refuse = () => Promise.reject(new Error('connection refused'));
  expect(await ask(refuse)).toEqual([200, { silent: 'Prometheus does not answer' }]);
});
