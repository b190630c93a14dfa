import { confirmationMessageId } from '@shop/contracts/jobs.ts';
import { openDatabase } from '@shop/database/database.ts';
import { mails } from '@shop/database/schema/orders.ts';
import { outbox } from '@shop/database/schema/outbox.ts';
import { eventually } from '@shop/testing/eventually.ts';
import { insertCustomer, insertOrder, insertProduct } from '@shop/testing/factories.ts';
import { eq, inArray, sql } from 'drizzle-orm';
import { v7 as uuid } from 'uuid';
import { afterAll, expect, it } from 'vitest';
import { loadConfig } from './config.ts';
import { openEffectRecords } from './effect-records.ts';
import type { Services } from './jobs/job.ts';
import { sendConfirmation } from './jobs/send-confirmation.ts';
import { openMailer } from './mailer.ts';

// The job on the real database and mail server, without the queue.

const db = openDatabase(loadConfig().database);
afterAll(() => db.close());

const read = async <T>(work: Parameters<typeof db.primary.transaction<T>>[0]): Promise<T> =>
  (await db.primary.transaction(work)).value;

async function anEvent(name = 'Ada') {
  const user = await insertCustomer(db, { name });
  const { value: product } = await insertProduct(db, { name: 'Teapot, "blue" <large>', priceCents: 123_450 });
  const order = await insertOrder(db, user.id, product, { quantity: 2 });
  return { user, order, event: await anEventOf(order) };
}

async function anEventOf(order: { id: string }) {
  const event = { id: uuid(), runs: 1, payload: { orderId: order.id } };
  // Claimed in the far future, so that no relay takes it.
  const claimedAt = new Date(Date.now() + 3_600_000);
  const { id, payload } = event;
  const row = { id, payload, topic: 'mail.order-confirmation', orderId: order.id, claimedAt };
  await read((tx) => tx.insert(outbox).values(row));
  return event;
}

const run = (event: Parameters<typeof sendConfirmation>[1], smtpUrl = loadConfig().smtpUrl) =>
  sendConfirmation({ db, mailer: openMailer(smtpUrl), records: openEffectRecords(db) } as Services, event);
const doneAt = async (id: string) =>
  (await read((tx) => tx.select().from(outbox).where(eq(outbox.id, id))))[0]?.doneAt;

type Mail = {
  subject: string;
  text: string;
  headers: Record<string, string>;
  to: { address: string; name: string }[];
};
const copiesOf = async (orderId: string): Promise<Mail[]> => {
  const all = (await (await fetch(`${process.env.MAIL_URL}/api/email`)).json()) as Mail[];
  return all.filter(({ headers }) => headers['message-id'] === confirmationMessageId(orderId));
};

it('confirms an order by one mail to its customer, however often the job runs', async () => {
  const { user, order, event } = await anEvent();
  await run(event);
  await run(event);
  const copies = await eventually(10_000, async () => {
    const found = await copiesOf(order.id);
    expect(found).toHaveLength(1);
    return found;
  });
  expect(copies[0]).toMatchObject({ subject: `Your order ${order.number}`, to: [{ address: user.email }] });
  expect(copies[0]?.text).toContain('2 × Teapot, "blue" <large>  €2,469.00');
  expect(await doneAt(event.id)).not.toBeNull();
  const [kept] = await read((tx) => tx.select().from(mails).where(eq(mails.orderId, order.id)));
  expect(kept).toMatchObject({ messageId: confirmationMessageId(order.id), recipient: user.email });
});

it('sends no mail that is on record, for another event either', async () => {
  const { order, event } = await anEvent();
  await run(event);
  const second = await anEventOf(order);
  // Sending it would fail.
  await run(second, 'smtp://127.0.0.1:1');
  expect(await doneAt(second.id)).not.toBeNull();
});

it('reaches its customer alone, also when a comma and an address are in the name', async () => {
  const name = 'Lovelace, Ada <ada@example.org>';
  const { user, order, event } = await anEvent(name);
  await run(event);
  await eventually(10_000, async () => {
    expect((await copiesOf(order.id)).map(({ to }) => to)).toEqual([[{ address: user.email, name }]]);
  });
});

it('leaves the event open while the mail server is away', async () => {
  const { order, event } = await anEvent();
  await expect(run(event, 'smtp://127.0.0.1:1')).rejects.toThrow();
  expect(await doneAt(event.id)).toBeNull();
  expect(await copiesOf(order.id)).toEqual([]);
  await run(event);
  expect(await doneAt(event.id)).not.toBeNull();
});

/** What a job would record of the event's mail. */
const recordOf = ({ user, order }: Awaited<ReturnType<typeof anEvent>>) => ({
  messageId: confirmationMessageId(order.id),
  orderId: order.id,
  kind: 'order-confirmation' as const,
  recipient: user.email,
  subject: `Your order ${order.number}`,
});

it('mails that are recorded at the same moment share one commit, and each event is done', async () => {
  const all = await Promise.all(Array.from({ length: 5 }, anEvent));
  const records = openEffectRecords(db);
  await Promise.all(all.map((one) => records.mail(one.event, recordOf(one))));
  const ids = all.map(({ order }) => order.id);
  const written = await read((tx) =>
    tx.select({ transaction: sql`xmin::text` }).from(mails).where(inArray(mails.orderId, ids)),
  );
  expect(written).toHaveLength(5);
  expect(new Set(written.map(({ transaction }) => transaction)).size).toBe(1);
  for (const { event } of all) expect(await doneAt(event.id)).not.toBeNull();
});

it('a record that cannot be written delays no other record of its batch', async () => {
  const [good, bad] = [await anEvent(), await anEvent()];
  const records = openEffectRecords(db);
  const [recorded, refused] = await Promise.allSettled([
    records.mail(good.event, recordOf(good)),
    records.mail(bad.event, { ...recordOf(bad), orderId: uuid() }),
  ]);
  expect([recorded.status, refused.status]).toEqual(['fulfilled', 'rejected']);
  expect(await doneAt(good.event.id)).not.toBeNull();
  expect(await doneAt(bad.event.id)).toBeNull();
});
