import { confirmationMessageId } from '@shop/contracts/jobs.ts';
import { openDatabase } from '@shop/database/database.ts';
import { mails } from '@shop/database/schema/orders.ts';
import { outbox } from '@shop/database/schema/outbox.ts';
import { eventually } from '@shop/testing/eventually.ts';
import { insertCustomer, insertOrder, insertProduct } from '@shop/testing/factories.ts';
import { eq } from 'drizzle-orm';
import { v7 as uuid } from 'uuid';
import { afterAll, expect, it } from 'vitest';
import { loadConfig } from './config.ts';
import type { Services } from './jobs/job.ts';
import { sendConfirmation } from './jobs/send-confirmation.ts';
import { openMailer } from './mailer.ts';

// The job on the real database and mail server, without the queue.

const db = openDatabase(loadConfig().database);
afterAll(() => db.close());

const read = async <T>(work: Parameters<typeof db.primary.transaction<T>>[0]): Promise<T> =>
  (await db.primary.transaction(work)).value;

async function anEvent() {
  const user = await insertCustomer(db);
  const { value: product } = await insertProduct(db, { name: 'Teapot, "blue" <large>', priceCents: 123_450 });
  const order = await insertOrder(db, user.id, product, { quantity: 2 });
  const event = { id: uuid(), payload: { orderId: order.id } };
  // Claimed in the far future, so that no relay takes it.
  const claimedAt = new Date(Date.now() + 3_600_000);
  const row = { ...event, topic: 'mail.order-confirmation', orderId: order.id, claimedAt };
  await read((tx) => tx.insert(outbox).values(row));
  return { user, order, event };
}

const run = (event: Parameters<typeof sendConfirmation>[1], smtpUrl = loadConfig().smtpUrl) =>
  sendConfirmation({ db, mailer: openMailer(smtpUrl) } as Services, event);
const doneAt = async (id: string) =>
  (await read((tx) => tx.select().from(outbox).where(eq(outbox.id, id))))[0]?.doneAt;

type Mail = { subject: string; text: string; headers: Record<string, string>; to: { address: string }[] };
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

it('leaves the event open while the mail server is away', async () => {
  const { order, event } = await anEvent();
  await expect(run(event, 'smtp://127.0.0.1:1')).rejects.toThrow();
  expect(await doneAt(event.id)).toBeNull();
  expect(await copiesOf(order.id)).toEqual([]);
  await run(event);
  expect(await doneAt(event.id)).not.toBeNull();
});
