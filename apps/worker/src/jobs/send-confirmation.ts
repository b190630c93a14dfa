import { confirmationMessageId } from '@shop/contracts/jobs.ts';
import type { Transaction } from '@shop/database/connection.ts';
import { findLines, findOrder, findRecipient, mailWasSent, recordMail } from '../orders.repository.ts';
import { beginAttempt, markDone } from '../outbox.repository.ts';
import type { JobHandler } from './job.ts';

const euros = new Intl.NumberFormat('en-IE', { style: 'currency', currency: 'EUR' });
const money = (cents: number) => euros.format(cents / 100);

/**
 * Mails the confirmation of an order.
 *
 * Why running it again is safe: a mail that is on record is not sent again. SMTP has no transaction with our table:
 * a worker that dies between the server's yes and the record leaves a mail that is sent twice, under the same Message-ID,
 * which is made of the order's id; that is all that SMTP can promise.
 */
export const sendConfirmation: JobHandler<'mail.order-confirmation'> = async (services, { id, payload }) => {
  const { db, mailer } = services;
  const { orderId } = payload;
  const messageId = confirmationMessageId(orderId);
  const { value: mail } = await db.primary.transaction(
    async (tx) => ((await beginAttempt(tx, id)) ? await compose(tx, orderId, messageId) : null),
    { replayable: true },
  );
  if (!mail) return;
  if (!mail.sent) {
    const { to, subject, text } = mail;
    await mailer.sendMail({ messageId, from: 'The Shop <orders@shop.example>', to, subject, text });
  }
  const record = {
    messageId,
    orderId,
    kind: 'order-confirmation' as const,
    recipient: mail.to.address,
    subject: mail.subject,
  };
  await db.primary.transaction((tx) => Promise.all([recordMail(tx, record), markDone(tx, id)]), {
    replayable: true,
  });
};

async function compose(tx: Transaction, orderId: string, messageId: string) {
  const [order, lines, sent] = await Promise.all([
    findOrder(tx, orderId),
    findLines(tx, orderId),
    mailWasSent(tx, messageId),
  ]);
  const customer = order && (await findRecipient(tx, order.customerId));
  if (!order || !customer) throw new Error(`order ${orderId} is gone`);
  const items = lines.map(
    ({ quantity, name, unitPriceCents }) => `${quantity} × ${name}  ${money(quantity * unitPriceCents)}`,
  );
  return {
    sent,
    // As an object, so that a name with a comma or an angle bracket stays a name.
    to: { name: customer.name, address: customer.email },
    subject: `Your order ${order.number}`,
    text: [
      `Hello ${customer.name},`,
      '',
      'thank you for your order:',
      '',
      ...items,
      '',
      `Total ${money(order.totalCents)}`,
      '',
    ].join('\n'),
  };
}
