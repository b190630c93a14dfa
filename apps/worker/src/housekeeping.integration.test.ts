import { openDatabase } from '@shop/database/database.ts';
import { customers } from '@shop/database/schema/customers.ts';
import { idempotencyKeys } from '@shop/database/schema/idempotency-keys.ts';
import { outbox } from '@shop/database/schema/outbox.ts';
import { sessions } from '@shop/database/schema/sessions.ts';
import { uploads } from '@shop/database/schema/uploads.ts';
import { eq, inArray } from 'drizzle-orm';
import { v7 as uuid } from 'uuid';
import { afterAll, expect, it } from 'vitest';
import { loadConfig } from './config.ts';
import { deleteBatch, overdue } from './housekeeping.ts';

const db = openDatabase(loadConfig().database);
afterAll(() => db.close());

const hour = 3600_000;
const ago = (hours: number) => new Date(Date.now() - hours * hour);
const oldId = (days: number) => uuid({ msecs: Date.now() - days * 24 * hour });

it('what is over goes, and nothing else', async () => {
  const owner = `test:${uuid()}`;
  const customerId = uuid();
  const upload = (id: string, status: 'pending' | 'ready', expiresAt: Date) => ({
    id,
    customerId,
    status,
    expiresAt,
    purpose: 'review' as const,
    filename: 'picture',
    contentType: 'image/png',
    sizeBytes: 1,
    stagedKey: id,
  });
  const key = (name: string, createdAt: Date) => ({
    owner,
    route: 'POST /',
    key: name,
    bodyHash: '',
    createdAt,
  });
  const session = (name: string, expiresAt: Date) => ({ idHash: `${owner}:${name}`, customerId, expiresAt });
  const event = (id: string, doneAt: Date | null) => ({
    id,
    topic: 'test',
    payload: {},
    claimedAt: ago(0),
    doneAt,
  });
  const [abandoned, recent, kept] = [uuid(), uuid(), uuid()];
  const [doneLongAgo, doneNow, neverDone] = [oldId(31), uuid(), oldId(31)];
  await db.primary.transaction(async (tx) => {
    await tx
      .insert(customers)
      .values({ id: customerId, email: `${customerId}@example.com`, name: 'Ada', passwordHash: '' });
    await tx
      .insert(idempotencyKeys)
      .values([key('over', ago(25.1)), key('just over 24 h', ago(24.5)), key('new', ago(0))]);
    await tx.insert(sessions).values([session('over', ago(0.01)), session('valid', ago(-1))]);
    await tx
      .insert(uploads)
      .values([
        upload(abandoned, 'pending', ago(25)),
        upload(recent, 'pending', ago(1)),
        upload(kept, 'ready', ago(1_000)),
      ]);
    await tx
      .insert(outbox)
      .values([event(doneLongAgo, ago(31 * 24)), event(doneNow, ago(0)), event(neverDone, null)]);
  });

  for (const [table, condition] of Object.entries(overdue(Date.now()))) {
    await db.primary.transaction((tx) => deleteBatch(tx, table, condition));
  }

  const { value: left } = await db.primary.transaction(async (tx) => ({
    keys: (await tx.select().from(idempotencyKeys).where(eq(idempotencyKeys.owner, owner)))
      .map((row) => row.key)
      .sort(),
    sessions: (await tx.select().from(sessions).where(eq(sessions.customerId, customerId))).map(
      (row) => row.idHash,
    ),
    uploads: (await tx.select().from(uploads).where(eq(uploads.customerId, customerId)))
      .map((row) => row.id)
      .sort(),
    events: (
      await tx
        .select()
        .from(outbox)
        .where(inArray(outbox.id, [doneLongAgo, doneNow, neverDone]))
    )
      .map((row) => row.id)
      .sort(),
  }));
  expect(left).toEqual({
    keys: ['just over 24 h', 'new'],
    sessions: [`${owner}:valid`],
    uploads: [recent, kept].sort(),
    events: [doneNow, neverDone].sort(),
  });
  // Nothing of a test's stays unfinished: the relay would sweep it up for ever.
  await db.primary.transaction((tx) => tx.delete(outbox).where(inArray(outbox.id, [doneNow, neverDone])));
});
