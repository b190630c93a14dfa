import type { Behaviour } from '@shop/contracts/payment-provider.ts';
import type { Transaction } from '@shop/database/connection.ts';
import { and, gt, inArray, isNull, sql } from 'drizzle-orm';
import { behaviour } from './schema.ts';

type Mode = Behaviour['mode'];
export type Misbehaviour = { mode: Mode; delayMs: number };

/** What each kind of call can be made to do; a call that a mode is not about uses up none of its calls. */
const modesOf: Record<'capture' | 'refund', Mode[]> = {
  capture: ['slow', 'decline', 'fail', 'timeout-after-capture'],
  refund: ['slow', 'fail'],
};

/** How this call must behave; counts it against the calls that are left. Concurrent calls never share one. */
export async function takeBehaviour(tx: Transaction, call: 'capture' | 'refund'): Promise<Misbehaviour> {
  const applies = inArray(behaviour.mode, modesOf[call]);
  const columns = { mode: behaviour.mode, delayMs: behaviour.delayMs };
  const [[lasting], [counted]] = await Promise.all([
    tx
      .select(columns)
      .from(behaviour)
      .where(and(applies, isNull(behaviour.calls))),
    tx
      .update(behaviour)
      .set({ calls: sql`${behaviour.calls} - 1` })
      .where(and(applies, gt(behaviour.calls, 0)))
      .returning(columns),
  ]);
  return lasting ?? counted ?? { mode: 'normal', delayMs: 0 };
}

export async function setBehaviour(tx: Transaction, wanted: Behaviour): Promise<Behaviour> {
  const row = { mode: wanted.mode, delayMs: wanted.delayMs, calls: wanted.calls ?? null };
  await tx.insert(behaviour).values(row).onConflictDoUpdate({ target: behaviour.id, set: row });
  return row;
}

export async function getBehaviour(tx: Transaction): Promise<Behaviour> {
  const [row] = await tx
    .select({ mode: behaviour.mode, delayMs: behaviour.delayMs, calls: behaviour.calls })
    .from(behaviour);
  if (!row || row.calls === 0) return { mode: 'normal', delayMs: 0, calls: null };
  return row;
}
