import { openDatabase } from '@shop/database/database.ts';
import { customers } from '@shop/database/schema/customers.ts';
import { idempotencyKeys } from '@shop/database/schema/idempotency-keys.ts';
import { outbox } from '@shop/database/schema/outbox.ts';
import { refreshTokens, tokenFamilies } from '@shop/database/schema/refresh-tokens.ts';
import { sessions } from '@shop/database/schema/sessions.ts';
import { tokenKeys } from '@shop/database/schema/token-keys.ts';
import { uploads } from '@shop/database/schema/uploads.ts';
import { eq, inArray, like } from 'drizzle-orm';
import { v7 as uuid } from 'uuid';
import { afterAll, expect, it } from 'vitest';
import { loadConfig } from './config.ts';
import { deleteBatch, overdue } from './housekeeping.ts';

const db = openDatabase(loadConfig().database);
afterAll(() => db.close());

const hour = 3600_000;
const ago = (hours: number) => new Date(Date.now() - hours * hour);
const oldId = (days: number) => uuid({ msecs: Date.now() - days * 24 * hour });

it('deletes expired rows, and no others', async () => {
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
  const family = (expiresAt: Date) => ({ id: uuid(), customerId, expiresAt });
  const families = { over: family(ago(0.01)), valid: family(ago(-1)) };
  const token = (familyId: string, name: string, expiresAt: Date) => ({
    tokenHash: `${owner}:${name}`,
    familyId,
    expiresAt,
  });
  // A key goes a day after its successor came; one hour of that would be enough for what it has signed.
  const signingKey = (name: string, createdAt: Date) => ({
    kid: `${owner}:${name}`,
    publicKey: { kty: 'OKP', crv: 'Ed25519', x: Buffer.alloc(32, 1).toString('base64url') },
    encryptedPrivateKey: '',
    createdAt,
  });
  const [abandoned, recent, kept] = [uuid(), uuid(), uuid()];
  const [doneLongAgo, doneThisMonth, neverDone] = [oldId(31), oldId(29), oldId(31)];
  await db.primary.transaction(async (tx) => {
    await tx
      .insert(customers)
      .values({ id: customerId, email: `${customerId}@example.com`, name: 'Ada', passwordHash: '' });
    await tx
      .insert(idempotencyKeys)
      .values([key('over', ago(25.1)), key('just over 24 h', ago(24.5)), key('new', ago(0))]);
    await tx
      .insert(tokenKeys)
      .values([signingKey('replaced long ago', ago(50)), signingKey('in use', ago(24.001))]);
    await tx.insert(tokenFamilies).values(Object.values(families));
    await tx
      .insert(refreshTokens)
      .values([
        token(families.over.id, 'of a family that is over', ago(-1)),
        token(families.valid.id, 'over', ago(0.01)),
        token(families.valid.id, 'valid', ago(-1)),
      ]);
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
      .values([event(doneLongAgo, ago(31 * 24)), event(doneThisMonth, ago(29 * 24)), event(neverDone, null)]);
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
    families: (await tx.select().from(tokenFamilies).where(eq(tokenFamilies.customerId, customerId))).map(
      (row) => row.id,
    ),
    refreshTokens: (
      await tx
        .select()
        .from(refreshTokens)
        .where(inArray(refreshTokens.familyId, [families.over.id, families.valid.id]))
    ).map((row) => row.tokenHash),
    signingKeys: (
      await tx
        .select()
        .from(tokenKeys)
        .where(like(tokenKeys.kid, `${owner}:%`))
    ).map((row) => row.kid),
    uploads: (await tx.select().from(uploads).where(eq(uploads.customerId, customerId)))
      .map((row) => row.id)
      .sort(),
    events: (
      await tx
        .select()
        .from(outbox)
        .where(inArray(outbox.id, [doneLongAgo, doneThisMonth, neverDone]))
    )
      .map((row) => row.id)
      .sort(),
  }));
  expect(left).toEqual({
    keys: ['just over 24 h', 'new'],
    sessions: [`${owner}:valid`],
    families: [families.valid.id],
    refreshTokens: [`${owner}:valid`],
    signingKeys: [`${owner}:in use`],
    uploads: [recent, kept].sort(),
    events: [doneThisMonth, neverDone].sort(),
  });
  // No access token names this key, and it opens with no secret.
  await db.primary.transaction((tx) => tx.delete(tokenKeys).where(like(tokenKeys.kid, `${owner}:%`)));
  // The relay would publish an unfinished event of a test again and again.
  await db.primary.transaction((tx) =>
    tx.delete(outbox).where(inArray(outbox.id, [doneThisMonth, neverDone])),
  );
});
