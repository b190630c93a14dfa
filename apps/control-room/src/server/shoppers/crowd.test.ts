import type { Operation } from '@shop/chaos/workload/history.ts';
import { expect, test } from 'vitest';
import { Crowd } from './crowd.ts';
import { Judge } from './judge.ts';
import type { LiveHistory } from './live-history.ts';
import type { StartRound } from './round.ts';

const shape = { perSecond: 10, mix: 'usual' } as const;
const item = { id: 'p1', slug: 'chaos-1', initialStock: 100 };
const pauses = { lookMs: 5, roundMs: 60_000, patienceMs: 60_000 };

/** A crowd whose rounds the test fills: their histories, which of them were stopped, and whether tables can be read. */
function build(own: Partial<typeof pauses> = {}) {
  const histories: LiveHistory[] = [];
  const stopped: number[] = [];
  const tables = { readable: true, looks: 0 };
  const start: StartRound = async (_, history, found) => {
    const index = histories.push(history) - 1;
    const read = async () => {
      tables.looks += 1;
      if (!tables.readable) throw new Error('no database node is the primary');
      return { 'db-1': [], 'db-2': [] };
    };
    const judge = new Judge({ history, items: [item], read, nameOf: (session) => session, found });
    return { history, judge, stop: async () => void stopped.push(index) };
  };
  const crowd = new Crowd(start, { ...pauses, ...own });
  return { crowd, histories, stopped, tables };
}

function does(history: LiveHistory, over: Partial<Operation>): void {
  const operation = history.invoke({ kind: 'browse', session: 'shopper-1' });
  Object.assign(operation, { outcome: 'ok', status: 200, attempts: 1 }, over);
  history.complete(operation);
}

const lost = { kind: 'order', order: { id: 'o1', productId: 'p1', quantity: 1, key: 'k' } } as const;

test('the tally goes on over rounds of several shapes, and a lost order of the first is not forgotten', async () => {
  const { crowd, histories, stopped } = build();
  await crowd.shape(shape);
  does(histories[0]!, {});
  does(histories[0]!, { outcome: 'unknown', retries: 3 });
  does(histories[0]!, lost);
  await crowd.shape({ ...shape, perSecond: 20 });
  expect(stopped).toEqual([0]);
  does(histories[1]!, {});
  await crowd.stop();
  expect(stopped).toEqual([0, 1]);
  const { tally, counterexamples, compared } = crowd.verdict;
  expect(tally).toMatchObject({
    operations: 4,
    failed: 1,
    retries: 3,
    acknowledged: 1,
    compared: 1,
    lost: 1,
  });
  expect(counterexamples).toMatchObject([{ kind: 'lost', customer: 'shopper-1' }]);
  expect(compared?.nodes).toBe(2);
});

test('a round is renewed after its time, so that its history can be forgotten', async () => {
  const { crowd, histories, stopped } = build({ roundMs: 20 });
  const end = new AbortController();
  const running = crowd.run(end.signal);
  await crowd.shape(shape);
  await expect.poll(() => histories.length).toBeGreaterThan(2);
  end.abort();
  await running;
  expect(stopped.slice(0, 2)).toEqual([0, 1]);
  await crowd.stop();
});

test('while no node can be read the verdict says so, and the orders are compared afterwards', async () => {
  const { crowd, histories, tables } = build();
  tables.readable = false;
  const end = new AbortController();
  const running = crowd.run(end.signal);
  await crowd.shape(shape);
  does(histories[0]!, lost);
  await expect.poll(() => crowd.verdict.trouble).toContain('no database node is the primary');
  expect(crowd.verdict.tally).toMatchObject({ acknowledged: 1, compared: 0, lost: 0 });
  tables.readable = true;
  await expect.poll(() => crowd.verdict.tally).toMatchObject({ compared: 1, lost: 1 });
  expect(crowd.verdict.trouble).toBeUndefined();
  end.abort();
  await running;
});

test('a stop does not wait for ever for a database that cannot be read', async () => {
  const { crowd, tables } = build({ patienceMs: 20 });
  tables.readable = false;
  await crowd.shape(shape);
  await crowd.stop();
  expect(tables.looks).toBeGreaterThan(0);
});

test('a stop while another shape begins ends that round, too', async () => {
  const { crowd, stopped } = build();
  await crowd.shape(shape);
  const begun = crowd.shape({ ...shape, perSecond: 20 });
  await crowd.stop();
  await begun;
  expect(stopped).toEqual([0, 1]);
});

test('a fault is felt by an operation that is repeated', async () => {
  const { crowd, histories } = build();
  await crowd.shape(shape);
  crowd.struck({ id: 4, name: 'SIGKILL shop-api-1', at: Date.now() });
  expect(crowd.verdict.failovers).toMatchObject([{ faultId: 4, running: false }]);
  does(histories[0]!, { retries: 1 });
  expect(crowd.verdict.failovers).toMatchObject([
    { faultId: 4, lengthMs: expect.any(Number), running: true },
  ]);
});
