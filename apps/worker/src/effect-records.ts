import type { ProviderPayment } from '@shop/contracts/payment-provider.ts';
import type { Database } from '@shop/database/database.ts';
import type { Committed } from '@shop/database/primary.ts';
import DataLoader from 'dataloader';
import { type MailRecord, recordMails } from './orders.repository.ts';
import { type JobRun, markDone } from './outbox.repository.ts';
import { type Settled, type Settlement, settlePayments } from './settle-payment.ts';

/** Records what jobs have done. Each function returns when a standby has the record. */
export type EffectRecords = {
  /** Moves the order and marks the event done. @throws when the order is gone. */
  payment(run: JobRun, payment: ProviderPayment): Promise<Committed<Settled>>;
  /** Records that the mail was sent, and marks the event done. */
  mail(run: JobRun, mail: MailRecord): Promise<void>;
};

type Effect = { run: JobRun; payment: ProviderPayment } | { run: JobRun; mail: MailRecord };

/**
 * Records that arrive at the same moment share one transaction, so a standby confirms one commit for all. The first
 * record begins a transaction at once; those that arrive while it runs go into the next one. So a record in a quiet
 * shop does not wait, and a busy shop makes fewer commits for each order.
 *
 * Each record belongs to its own event and can be repeated. When a batch fails, its records are written one by one, so
 * that one that cannot be written does not delay the others.
 */
export function openEffectRecords(db: Database): EffectRecords {
  let underWay: Promise<unknown> = Promise.resolve();
  const together = new DataLoader<Effect, Committed<Settled>>(
    async (effects) => {
      const recording = recordEach(db, [...effects]);
      underWay = recording;
      return await recording;
    },
    {
      cache: false,
      batchScheduleFn: (next) => void underWay.then(next, next),
    },
  );
  return {
    async payment(run, payment) {
      const effect = { run, payment };
      // An order whose payment failed is settled alone (`settlePayments` says why); it is rare.
      const record = payment.status === 'captured' ? together.load(effect) : recordTogether(db, [effect]);
      const recorded = [await record].flat()[0];
      if (!recorded || recorded.value === 'order-gone') throw new Error(`order ${payment.orderId} is gone`);
      return recorded;
    },
    async mail(run, mail) {
      await together.load({ run, mail });
    },
  };
}

async function recordEach(db: Database, effects: Effect[]): Promise<(Committed<Settled> | Error)[]> {
  try {
    return await recordTogether(db, effects);
  } catch (error) {
    if (effects.length === 1) return [error as Error];
    const alone = await Promise.all(effects.map((effect) => recordEach(db, [effect])));
    return alone.flat();
  }
}

async function recordTogether(db: Database, effects: Effect[]): Promise<Committed<Settled>[]> {
  const payments = effects.filter((effect): effect is Settlement => 'payment' in effect);
  const mails = effects.filter((effect) => 'mail' in effect);
  const { value: settled, watermark } = await db.primary.transaction(
    async (tx) => {
      const [outcomes] = await Promise.all([
        settlePayments(tx, payments),
        recordMails(
          tx,
          mails.map(({ mail }) => mail),
        ),
        markDone(
          tx,
          mails.map(({ run }) => run),
        ),
      ]);
      return outcomes;
    },
    { replayable: true },
  );
  const outcomes = settled.values();
  return effects.map((effect) => ({
    value: 'payment' in effect ? (outcomes.next().value as Settled) : 'settled',
    watermark,
  }));
}
