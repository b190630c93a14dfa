import { confirmationMessageId } from '@shop/contracts/jobs.ts';
import { prepare } from '@shop/database/read-once.ts';
import { inSpan, SpanKind } from '@shop/tracing/spans.ts';
import { confirmOpen } from '../outbox.repository.ts';
import type { JobHandler } from './job.ts';

const euros = new Intl.NumberFormat('en-IE', { style: 'currency', currency: 'EUR' });
const money = (cents: number) => euros.format(cents / 100);

/**
 * Mails the confirmation of an order.
 *
 * Why a second run is safe: a mail that is on record is not sent again. SMTP has no transaction with our table. If a
 * worker dies after the server accepted the mail and before the record, the mail is sent twice under the same
 * Message-ID, which is derived from the order's id. SMTP offers nothing better.
 */
export const sendConfirmation: JobHandler<'mail.order-confirmation'> = async (services, event) => {
  const { db, mailer, records } = services;
  const { orderId } = event.payload;
  const messageId = confirmationMessageId(orderId);
  const [order] = await db
    .replica('primary')
    .query<OrderToConfirm>(orderToConfirm, [event.id, orderId, messageId]);
  // A failover can take back the mark that it is done, so the run ends only when a standby has that mark, too.
  if (!order || order.done) {
    const { value: open } = await db.primary.transaction((tx) => confirmOpen(tx, event), {
      replayable: true,
    });
    if (!open) return;
  }
  if (!order) throw new Error(`order ${orderId} is gone`);
  const subject = `Your order ${order.number}`;
  if (!order.sent) {
    // An object and not a string, so that a comma or an angle bracket in the name does not split the address.
    const to = { name: order.name, address: order.email };
    const from = 'The Shop <orders@shop.example>';
    const mail = { messageId, from, to, subject, text: textOf(order) };
    await inSpan('send mail', { kind: SpanKind.CLIENT }, () => mailer.sendMail(mail));
  }
  await records.mail(event, {
    messageId,
    orderId,
    kind: 'order-confirmation',
    recipient: order.email,
    subject,
  });
};

type OrderToConfirm = {
  done: boolean;
  sent: boolean;
  number: string;
  totalCents: number;
  name: string;
  email: string;
  lines: { quantity: number; name: string; unitPriceCents: number }[];
};

/**
 * Everything that the mail needs, in one statement without a commit: a standby has had the order since the relay's
 * commit.
 */
const orderToConfirm = prepare(
  'worker_order_to_confirm',
  `SELECT event.done_at IS NOT NULL AS done, orders.number, orders.total_cents AS "totalCents",
     customers.name, customers.email, EXISTS (SELECT FROM mails WHERE message_id = $3::text) AS sent,
     (SELECT json_agg(json_build_object('quantity', line.quantity, 'name', line.name,
        'unitPriceCents', line.unit_price_cents) ORDER BY line.position)
      FROM order_lines AS line WHERE line.order_id = orders.id) AS lines
   FROM outbox AS event, orders JOIN customers ON customers.id = orders.customer_id
   WHERE event.id = $1::uuid AND orders.id = $2::uuid`,
);

function textOf({ name, totalCents, lines }: OrderToConfirm): string {
  const items = lines.map(
    (line) => `${line.quantity} × ${line.name}  ${money(line.quantity * line.unitPriceCents)}`,
  );
  const paragraphs = [
    `Hello ${name},`,
    '',
    'thank you for your order:',
    '',
    ...items,
    '',
    `Total ${money(totalCents)}`,
    '',
  ];
  return paragraphs.join('\n');
}
