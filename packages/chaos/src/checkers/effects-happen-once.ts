import { confirmationMessageId } from '@shop/contracts/jobs.ts';
import { ordersWith, untilJobsAreDone } from '../topology/jobs-done.ts';
import { patienceMs } from '../topology/patience.ts';
import { primaryNode, queryNode, quoted, runOn } from '../topology/topology.ts';
import type { History } from '../workload/history.ts';
import type { Item } from '../workload/items.ts';
import { type Counts, looked, Objection } from './objection.ts';

const promise = 'every order is paid for once and confirmed by one mail';

/** An order with all its effects, as our tables, the provider and the mail sink have them. */
export type Effects = {
  orderId: string;
  status: string;
  totalCents: number;
  /** Captured − refunded, in our table and at the provider; undefined where there is no row. */
  ourNetCents: number | undefined;
  providerNetCents: number | undefined;
  captureAttempts: number;
  /** Message-IDs in our table, and copies that arrived. */
  mailsOnRecord: number;
  mailCopies: number;
};

/**
 * Promise 3: waits until each order has had its effects, then compares all records of them. @returns how many orders
 * were checked.
 */
export async function effectsHappenOnce(
  items: Item[],
  { timeoutMs = patienceMs, history }: { timeoutMs?: number; history?: History } = {},
): Promise<number> {
  await untilJobsAreDone(idsOf(items), timeoutMs);
  const effects = await effectsOf(items);
  judgeEffects(effects, history);
  return effects.length;
}

/** The provider hides a second capture and the Message-ID a second mail, so attempts and copies are counted too. */
export function judgeEffects(all: Effects[], history?: History): Counts {
  for (const effects of all) {
    const object = (what: string) => {
      const { orderId } = effects;
      const about = history?.operations.filter(
        ({ order, cancelledId }) => order?.id === orderId || cancelledId === orderId,
      );
      throw new Objection(promise, `order ${orderId} ${what}: ${JSON.stringify(effects)}`, history, about);
    };
    const { status, totalCents, ourNetCents = 0, providerNetCents = 0, mailsOnRecord, mailCopies } = effects;
    const owedCents = status === 'paid' || status === 'shipped' ? totalCents : 0;
    if (status === 'placed') object('is still waiting for its payment');
    if (providerNetCents !== owedCents) object(`should have ${owedCents} cents captured at the provider`);
    if (ourNetCents !== owedCents) object(`should have ${owedCents} cents captured by our books`);
    if (owedCents > 0 && effects.captureAttempts < 1) object('was captured without having been asked for');
    if (mailsOnRecord !== 1) object(`should have one mail on record`);
    if (mailCopies < 1) object('has no mail in the sink');
  }
  const sum = (of: (effects: Effects) => number) => all.reduce((total, effects) => total + of(effects), 0);
  return looked(
    promise,
    {
      orders: all.length,
      'captures asked for': sum(({ captureAttempts }) => captureAttempts),
      'copies of mails': sum(({ mailCopies }) => mailCopies),
      'orders with a second attempt or copy': all.filter(
        ({ captureAttempts, mailCopies }) => captureAttempts > 1 || mailCopies > 1,
      ).length,
    },
    ['orders', 'captures asked for', 'copies of mails'],
  );
}

const idsOf = (items: Item[]) => items.map(({ id }) => id);

/** The records of our tables, the provider and the mail sink. */
export async function effectsOf(items: Item[]): Promise<Effects[]> {
  const primary = await primaryNode();
  const rows = await queryNode(
    primary,
    `SELECT o.id, o.status, o.total_cents,
            (SELECT p.captured_cents - p.refunded_cents FROM payments p WHERE p.order_id = o.id),
            (SELECT count(*) FROM mails m WHERE m.order_id = o.id)
       FROM ${ordersWith(idsOf(items))}`,
  );
  const ids = quoted(rows.map(([id = '']) => id));
  const provider = await queryNode(
    primary,
    `SELECT order_id, captured_cents - refunded_cents, capture_attempts FROM payments
      WHERE order_id IN (${ids || 'NULL'})`,
    'payments',
  );
  const atProvider = new Map(provider.map(([id, net, attempts]) => [id, { net, attempts }]));
  const copies = await mailCopies();
  return rows.map(([orderId = '', status = '', totalCents, ours, mails]) => {
    const theirs = atProvider.get(orderId);
    return {
      orderId,
      status,
      totalCents: Number(totalCents),
      ourNetCents: ours ? Number(ours) : undefined,
      providerNetCents: theirs ? Number(theirs.net) : undefined,
      captureAttempts: Number(theirs?.attempts ?? 0),
      mailsOnRecord: Number(mails),
      mailCopies: copies.get(confirmationMessageId(orderId)) ?? 0,
    };
  });
}

/** How often each of our Message-IDs is in the mail sink, from the files that it stores. */
export async function mailCopies(): Promise<Map<string, number>> {
  const listed = await runOn(
    'mail',
    'sh',
    '-c',
    // grep fails when the sink removes an old mail meanwhile. Had it read nothing at all, every order would lack its
    // mail.
    "grep -rhsoiE '^message-id: *<order-[0-9a-f-]+@shop.example>' --include='*.eml' /mails || true",
  );
  const copies = new Map<string, number>();
  for (const [id] of listed.matchAll(/<.*?>/g)) copies.set(id, (copies.get(id) ?? 0) + 1);
  return copies;
}
