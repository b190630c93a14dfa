import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import type { Statements } from '../../shared/statements.ts';
import { openApp } from '../testing/opened.ts';
import { StatementReader } from './reader.ts';

const counted = { role: 'shop_app', queryId: '-7', text: 'SELECT $1', since: 'then' } as const;

/** @returns the status and the answer of each path, one call after the other. */
async function ask(reader: StatementReader, ...paths: string[]): Promise<[number | undefined, unknown][]> {
  const { app, call, enter } = await openApp({ statements: reader });
  const cookie = await enter();
  const answers: [number | undefined, unknown][] = [];
  for (const path of paths) {
    const answer = await call(path, { cookie });
    answers.push([answer.statusCode, JSON.parse(await text(answer))]);
  }
  await app.close();
  return answers;
}

test('a page gets the statements and the plan of one of them, which it names by its path', async () => {
  const explained: string[][] = [];
  const reader = new StatementReader({
    nodes: ['db-1'],
    counts: async () => [{ ...counted, calls: 1, rows: 1, ms: 1 }],
    explain: async (...asked) => {
      explained.push(asked);
      return 'Result';
    },
  });
  const paths = [
    '/statements',
    '/statements/db-1/shop_app/-7/plan',
    '/statements/db-1/shop_app/-8/plan',
    `/statements/db-1/shop_app/${encodeURIComponent('SELECT 1')}/plan`,
  ];
  const [listed, plan, ...unknown] = await ask(reader, ...paths);
  expect(listed).toMatchObject([200, { slowest: [], missing: [] } satisfies Partial<Statements>]);
  expect(plan).toEqual([200, { plan: 'Result' }]);
  expect(explained).toEqual([['db-1', 'shop_app', 'SELECT $1']]);
  for (const answer of unknown)
    expect(answer).toEqual([404, { message: 'The node no longer has this statement.' }]);
});

test('nodes that do not answer are an answer of their own, and no empty list', async () => {
  const refuse = () => Promise.reject(new Error('connection refused'));
  const reader = new StatementReader({ nodes: ['db-1'], counts: refuse, explain: refuse });
  expect(await ask(reader, '/statements')).toEqual([[200, { silent: 'No database node answers' }]]);
});
