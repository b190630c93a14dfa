import { expect, test } from 'vitest';
import { mostStatements } from '../../shared/statements.ts';
import { type Count, withCasts, wordsOf } from './database.ts';
import { StatementReader } from './reader.ts';

const start = 1_795_977_900_000;
const second = 1_000;

const counted = (queryId: string, calls: number, ms: number, own: Partial<Count> = {}): Count => ({
  ...{ role: 'shop_app', queryId, text: `SELECT ${queryId}`, since: 'long ago' },
  ...{ calls, ms, rows: calls * 2, ...own },
});

/** A reader of nodes whose counts a test sets; a node without counts does not answer. */
function reader(...nodes: string[]) {
  const state = { now: start, counts: new Map<string, Count[]>(), asked: 0, explained: [] as string[] };
  const statements = new StatementReader(
    {
      nodes,
      counts: async (node) => {
        state.asked++;
        const counts = state.counts.get(node);
        if (!counts) throw new Error('no answer');
        return counts;
      },
      explain: async (_, role, text) => {
        state.explained.push(`${role}: ${text}`);
        if (text.includes('nothing')) throw new Error('relation "nothing" does not exist');
        return 'Seq Scan on products';
      },
    },
    () => state.now,
  );
  /** The next reading, `afterMs` later. */
  const readAfter = async (afterMs: number, counts: Record<string, Count[] | undefined>) => {
    state.now += afterMs;
    for (const [node, own] of Object.entries(counts)) {
      if (own) state.counts.set(node, own);
      else state.counts.delete(node);
    }
    return await statements.read();
  };
  return { state, statements, readAfter };
}

test('the first reading is the beginning; later ones show what happened since', async () => {
  const { readAfter } = reader('db-1');
  const first = await readAfter(0, { 'db-1': [counted('1', 100, 900), counted('2', 5, 50)] });
  expect(first).toEqual({ since: start, until: start, slowest: [], missing: [] });
  const counts = [counted('1', 110, 930), counted('2', 5, 50), counted('3', 1, 10)];
  expect(await readAfter(10 * second, { 'db-1': counts })).toEqual({
    since: start,
    until: start + 10 * second,
    slowest: [
      {
        ...{ id: 'db-1/shop_app/1', node: 'db-1', role: 'shop_app', text: 'SELECT 1' },
        ...{ calls: 10, rows: 20, meanMs: 3, share: 0.75 },
      },
      {
        ...{ id: 'db-1/shop_app/3', node: 'db-1', role: 'shop_app', text: 'SELECT 3' },
        ...{ calls: 1, rows: 2, meanMs: 10, share: 0.25 },
      },
    ],
    missing: [],
  });
});

test('the ten with the largest total time of all nodes are shown; shares are of the time of all', async () => {
  const { readAfter } = reader('db-1', 'db-2');
  await readAfter(0, { 'db-1': [], 'db-2': [] });
  // Ten statements of 1 to 10 ms on each node: together 110 ms.
  const counts = Array.from({ length: 10 }, (_, index) => counted(`${index}`, 1, index + 1));
  const { slowest } = await readAfter(10 * second, { 'db-1': counts, 'db-2': counts });
  expect(slowest).toHaveLength(mostStatements);
  expect(slowest.map(({ meanMs }) => meanMs)).toEqual([10, 10, 9, 9, 8, 8, 7, 7, 6, 6]);
  expect(new Set(slowest.map(({ node }) => node))).toEqual(new Set(['db-1', 'db-2']));
  expect(slowest[0]!.share).toBeCloseTo(10 / 110);
});

test('what is older than five minutes is forgotten', async () => {
  const { readAfter } = reader('db-1');
  await readAfter(0, { 'db-1': [counted('1', 1, 1)] });
  await readAfter(200 * second, { 'db-1': [counted('1', 2, 2)] });
  const later = await readAfter(200 * second, { 'db-1': [counted('1', 4, 4)] });
  expect(later).toMatchObject({ since: start + 200 * second, slowest: [{ calls: 2 }] });
  // No page was open for an hour.
  expect(await readAfter(3_600 * second, { 'db-1': [counted('1', 9, 9)] })).toMatchObject({ slowest: [] });
});

test('a count that began anew is compared with zero', async () => {
  const { readAfter } = reader('db-1');
  await readAfter(0, { 'db-1': [counted('1', 100, 900)] });
  const anew = counted('1', 120, 60, { since: 'just now' });
  expect((await readAfter(10 * second, { 'db-1': [anew] })).slowest).toMatchObject([
    { calls: 120, meanMs: 0.5 },
  ]);
});

test('a node that does not answer is named, and what it had counted before is no news when it is back', async () => {
  const { readAfter, state, statements } = reader('db-1', 'db-2');
  const first = await readAfter(0, { 'db-1': [counted('1', 1, 1)] });
  expect(first.missing).toEqual(['db-2']);
  const back = await readAfter(10 * second, { 'db-1': [counted('1', 2, 2)], 'db-2': [counted('1', 99, 99)] });
  expect([back.missing, back.slowest.map(({ node }) => node)]).toEqual([[], ['db-1']]);
  const gone = await readAfter(10 * second, { 'db-1': undefined });
  expect([gone.missing, gone.slowest]).toEqual([['db-1'], []]);
  state.now += 10 * second;
  state.counts.clear();
  await expect(statements.read()).rejects.toThrow('No database node answers.');
});

test('pages that ask within ten seconds get one answer', async () => {
  const { readAfter, state, statements } = reader('db-1');
  const first = await readAfter(0, { 'db-1': [] });
  state.now += 9_999;
  expect(await statements.read()).toBe(first);
  expect(state.asked).toBe(1);
  state.now += 1;
  expect(await statements.read()).not.toBe(first);
  expect(state.asked).toBe(2);
});

test('a plan is made of a statement that was read, as its role; of a utility statement there is none', async () => {
  const { readAfter, state, statements } = reader('db-1');
  const texts = ['  SELECT 1', 'with a as (select 1) select 2', 'COMMIT', 'SELECT * FROM nothing'];
  const counts = texts.map((text, index) => counted(`${index}`, 1, 1, { text }));
  await readAfter(0, { 'db-1': [...counts, counted('0', 1, 1, { role: 'payments_app' })] });
  const plan = (id: string) => statements.plan(id);
  expect(await plan('db-1/shop_app/0')).toEqual({ plan: 'Seq Scan on products' });
  expect(await plan('db-1/shop_app/1')).toEqual({ plan: 'Seq Scan on products' });
  expect(await plan('db-1/payments_app/0')).toEqual({ plan: 'Seq Scan on products' });
  expect(await plan('db-1/shop_app/2')).toEqual({ none: 'Postgres makes no plan for such a statement.' });
  expect(await plan('db-1/shop_app/3')).toEqual({
    none: 'Postgres makes no plan of the text that its statistics keep: relation "nothing" does not exist',
  });
  for (const id of ['db-1/shop_app/4', 'db-2/shop_app/0', 'db-1', '']) expect(await plan(id)).toBeUndefined();
  expect(state.explained).toEqual([
    ...['shop_app:   SELECT 1', 'shop_app: with a as (select 1) select 2'],
    ...['payments_app: SELECT 0', 'shop_app: SELECT * FROM nothing'],
  ]);
});

test('a literal that the statistics have taken out after the name of its type becomes a cast', () => {
  expect(withCasts('SELECT now() - interval $2, $1::date FROM t WHERE time > $3')).toBe(
    'SELECT now() - $2::interval, $1::date FROM t WHERE time > $3',
  );
});

test('what Postgres refuses has its words, and not the statement', () => {
  const refused =
    '`env psql --command EXPLAIN SELECT $1` in ab12 failed (exit code 1): ERROR:  no type of $1\nLINE 1: EXPLAIN';
  expect(wordsOf(new Error(refused))).toBe('no type of $1');
  expect(wordsOf(new Error('db-1 does not answer.'))).toBe('db-1 does not answer.');
});
