import { confirmationMessageId } from '@shop/contracts/jobs.ts';
import pWaitFor from 'p-wait-for';
import { mailCopies } from '../checkers/effects-happen-once.ts';
import { primaryNode, queryNode, quoted } from '../topology/topology.ts';
import type { Fault } from './fault.ts';
import { holdTables } from './hold-tables.ts';

/**
 * Locks the tables in which workers record their effects: money is captured and mails are sent, but no job can be
 * completed. The provider and the mail server have their own records.
 */
export function holdRecords(): Fault & { untilHeld(count: number): Promise<void> } {
  return {
    ...holdTables(['payments', 'mails']),
    /**
     * Waits until so many captures and so many mails have happened and are not recorded. A worker records many effects
     * in one transaction, so the number of waiting transactions would not tell.
     */
    async untilHeld(wanted) {
      await pWaitFor(async () => (await effectsWithoutRecord()) >= wanted, {
        interval: 50,
        timeout: {
          milliseconds: 4_000,
          message: `fewer than ${wanted} captures or mails wait for their record`,
        },
      });
    },
  };
}

/** Captures that the provider has made, or mails that the sink has, and whose events are not done: the smaller number. */
async function effectsWithoutRecord(): Promise<number> {
  const primary = await primaryNode();
  const events = await queryNode(primary, 'SELECT order_id, topic FROM outbox WHERE done_at IS NULL');
  const about = (topic: string) => events.flatMap(([id = '', of]) => (of === topic ? [id] : []));
  const [captured] = await queryNode(
    primary,
    `SELECT count(*) FROM payments WHERE status = 'captured'
       AND order_id IN (${quoted(about('payment.capture')) || 'NULL'})`,
    'payments',
  );
  const copies = await mailCopies();
  const mailed = about('mail.order-confirmation').filter((id) => copies.has(confirmationMessageId(id)));
  return Math.min(Number(captured?.[0]), mailed.length);
}
