import pWaitFor from 'p-wait-for';
import { primaryNode, queryNode, quoted } from './topology.ts';

/** SQL: the orders, named `o`, that have a line with one of these products. */
export const ordersWith = (productIds: string[]) => `orders o WHERE EXISTS (SELECT FROM order_lines l
  WHERE l.order_id = o.id AND l.product_id IN (${quoted(productIds)}))`;

/**
 * Waits until the outbox has nothing left to do for orders of these products, such as a payment or a mail. @throws when
 * some still wait after `timeoutMs`.
 */
export async function untilJobsAreDone(productIds: string[], timeoutMs: number): Promise<void> {
  const left = async () =>
    await queryNode(
      await primaryNode(),
      `SELECT o.id, o.status FROM ${ordersWith(productIds)} AND (o.status = 'placed'
         OR NOT EXISTS (SELECT FROM mails m WHERE m.order_id = o.id)
         OR EXISTS (SELECT FROM outbox e WHERE e.order_id = o.id AND e.done_at IS NULL)) LIMIT 3`,
    );
  await pWaitFor(async () => (await left()).length === 0, {
    interval: 500,
    timeout: { milliseconds: timeoutMs },
  }).catch(async () => {
    throw new Error(`orders without their effects after ${timeoutMs} ms: ${JSON.stringify(await left())}`);
  });
}
