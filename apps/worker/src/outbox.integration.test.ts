import { openDatabase } from '@shop/database/database.ts';
import { outbox } from '@shop/database/schema/outbox.ts';
import { inside } from '@shop/database/statement.ts';
import { inArray } from 'drizzle-orm';
import { v7 as uuid } from 'uuid';
import { afterAll, describe, expect, it } from 'vitest';
import { loadConfig } from './config.ts';
import { claimNew, claimStale } from './outbox.repository.ts';

const db = openDatabase(loadConfig().database);
afterAll(() => db.close());

type Row = Partial<typeof outbox.$inferInsert>;
type Tx = Parameters<Parameters<typeof db.primary.transaction>[0]>[0];

const hour = 3_600_000;
/** Claims in this file are for hours to come, so that no relay of the topology takes the rows. */
const inHours = (hours: number) => new Date(Date.now() + hours * hour);

const insert = async (tx: Tx, rows: Row[]) => {
  const all = rows.map((row) => ({ id: uuid(), topic: 'test', payload: {}, ...row }));
  await tx.insert(outbox).values(all);
  return all.map(({ id }) => id);
};

/** Runs `work` in a transaction that no other relay sees anything of. */
async function unseen<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
  let result: T | undefined;
  const undo = new Error('rolled back');
  const running = db.primary.transaction(async (tx) => {
    result = await work(tx);
    throw undo;
  });
  await expect(running).rejects.toBe(undo);
  return result as T;
}

describe('events', () => {
  it('are claimed in their order, each once', async () => {
    const daysAgo = (days: number) => uuid({ msecs: Date.now() - days * 24 * hour });
    const claimed = await unseen(async (tx) => {
      // Older than any event that waits in this database.
      const [third, first, second] = await insert(tx, [
        { id: daysAgo(3_001) },
        { id: daysAgo(3_003) },
        { id: daysAgo(3_002) },
      ]);
      const two = (await claimNew(inside(tx), 2)).map(({ id }) => id).sort();
      const next = (await claimNew(inside(tx), 1)).map(({ id }) => id);
      return { two, next, expected: [first, second, third] };
    });
    expect([...claimed.two, ...claimed.next]).toEqual(claimed.expected);
  });

  it('are claimed again when they were published long ago and are not done', async () => {
    const { again, ids } = await unseen(async (tx) => {
      const rows = [
        { claimedAt: inHours(1) },
        { claimedAt: inHours(3) },
        { claimedAt: inHours(1), doneAt: new Date() },
      ];
      const inserted = await insert(tx, rows);
      const stale = await claimStale(inside(tx), -2 * hour, 1_000);
      return { again: stale.map(({ id }) => id), ids: inserted };
    });
    expect(again.filter((id) => ids.includes(id))).toEqual([ids[0]]);
  });

  it('are skipped while another relay claims them', async () => {
    const { value: ids } = await db.primary.transaction((tx) => insert(tx, [{ claimedAt: inHours(1) }]));
    const claim = async (tx: Tx) =>
      (await claimStale(inside(tx), -2 * hour, 1_000)).filter(({ id }) => ids.includes(id)).length;
    try {
      const claims = await unseen(async (one) => [await claim(one), await unseen(claim)]);
      expect(claims).toEqual([1, 0]);
    } finally {
      await db.primary.transaction((tx) => tx.delete(outbox).where(inArray(outbox.id, ids)));
    }
  });
});
