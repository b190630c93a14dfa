import type { LinesByNode } from '@shop/chaos/checkers/orders-exist-once.ts';
import type { Operation } from '@shop/chaos/workload/history.ts';
import { expect, test } from 'vitest';
import { judgementOf, violations } from '../../shared/shoppers.ts';
import { Judge } from './judge.ts';
import { Ledger } from './ledger.ts';
import { LiveHistory } from './live-history.ts';

const item = { id: 'p1', slug: 'chaos-1', initialStock: 100 };
const line = (orderId: string, key = `key-of-${orderId}`) => ({ orderId, productId: 'p1', quantity: 2, key });
const wanted = (id: string, key = `key-of-${id}`) => ({ id, productId: 'p1', quantity: 2, key });

/** A history that a test writes, tables that it fills, and the ledger of what the judge finds. */
function watched() {
  const history = new LiveHistory();
  const ledger = new Ledger();
  const tables: LinesByNode = { 'db-1': [], 'db-2': [] };
  const judge = new Judge({
    history,
    items: [item],
    read: async () => structuredClone(tables),
    nameOf: (session) => `${session} (noor@example.com)`,
    found: (violation) => ledger.add(1, violation),
  });
  const begins = (kind: Operation['kind'], over: Partial<Operation> = {}) =>
    history.invoke({ kind, session: 'shopper-3', ...over });
  const ends = (operation: Operation, over: Partial<Operation> = {}) => {
    Object.assign(operation, { outcome: 'ok', status: 200, attempts: 1 }, over);
    history.complete(operation);
    // Reads that begin in the same millisecond in which a write ended need not see it.
    operation.endedAt -= 1;
  };
  const does = (kind: Operation['kind'], over: Partial<Operation> = {}) => ends(begins(kind), over);
  const twoLooks = async () => {
    await judge.look();
    await judge.look();
  };
  const tally = () => {
    const counts = { operations: history.operations.length, failed: 0, retries: 0, acknowledged: 0 };
    return { ...counts, compared: judge.compared, ...ledger.counts };
  };
  return { judge, ledger, tables, begins, ends, does, twoLooks, tally };
}

type Watched = ReturnType<typeof watched>;

function acknowledges(room: Watched, id: string) {
  room.does('order', { status: 201, order: wanted(id) });
  for (const lines of Object.values(room.tables)) lines.push(line(id));
}

test('all zero is kept, and says how many orders were compared', async () => {
  const room = watched();
  expect(judgementOf(room.tally())).toBe('none');
  acknowledges(room, 'o1');
  room.does('read-back', { lookedFor: 'o1', saw: { orders: [{ id: 'o1', status: 'placed' }] } });
  await room.twoLooks();
  expect(room.tally()).toMatchObject({ compared: 1, lost: 0, doubled: 0, staleReads: 0, lostLogins: 0 });
  expect(judgementOf(room.tally())).toBe('kept');
  expect(judgementOf({ ...room.tally(), failed: 1 })).toBe('failed');
});

test.each<[(typeof violations)[number], (room: Watched) => void, RegExp, RegExp]>([
  [
    'lost',
    ({ tables }) => void tables['db-2']!.pop(),
    /exists exactly once/,
    /acknowledged order o1 on db-2 is not there/,
  ],
  [
    'doubled',
    ({ tables }) => void tables['db-1']!.push(line('o9', '')),
    /exists exactly once/,
    /order o9 on db-1 answers no call/,
  ],
  [
    'staleReads',
    ({ does }) => does('read-back', { lookedFor: 'o1', status: 404, outcome: 'failed' }),
    /reads its own writes/,
    /order o1 was not found/,
  ],
  [
    'lostLogins',
    ({ does }) => does('who', { status: 401, outcome: 'failed' }),
    /holds until its logout/,
    /who was answered 401/,
  ],
])('%s turns the verdict red, with the customer, what was expected and what was seen', async (...row) => {
  const [kind, breaks, expected, seen] = row;
  const room = watched();
  acknowledges(room, 'o1');
  breaks(room);
  await room.twoLooks();
  await room.twoLooks();
  expect(judgementOf(room.tally())).toBe('broken');
  const zero = Object.fromEntries(violations.map((other) => [other, 0]));
  expect(room.ledger.counts).toEqual({ ...zero, [kind]: 1 });
  const [told, ...others] = room.ledger.counterexamples;
  expect(others).toEqual([]);
  expect(told).toMatchObject({ kind, customer: 'shopper-3 (noor@example.com)' });
  expect([told!.expected, told!.seen]).toEqual([
    expect.stringMatching(expected),
    expect.stringMatching(seen),
  ]);
  expect(told!.history).toContain('shopper-3');
});

test('an order that is missing in one look alone is not lost', async () => {
  const room = watched();
  acknowledges(room, 'o1');
  const [line] = room.tables['db-2']!.splice(0);
  await room.judge.look();
  room.tables['db-2']!.push(line!);
  await room.twoLooks();
  expect(room.ledger.counts.lost).toBe(0);
});

test('an order in progress may be in the tables or not; the second one of its call may not', async () => {
  const room = watched();
  const asked = room.begins('order', { order: wanted('', 'key-7') });
  await room.twoLooks();
  room.tables['db-1']!.push(line('o7', 'key-7'));
  await room.twoLooks();
  expect(room.ledger.counts.doubled).toBe(0);
  room.tables['db-1']!.push(line('o8', 'key-7'));
  await room.twoLooks();
  expect(room.ledger.counts.doubled).toBe(1);
  room.ends(asked, { order: wanted('o7', 'key-7') });
});

test('an order that is acknowledged while the tables are read is not missing in them', async () => {
  const room = watched();
  const judged = room.twoLooks();
  room.does('order', { status: 201, order: wanted('o1') });
  await judged.catch(() => {});
  expect(room.ledger.counts.lost).toBe(0);
});
