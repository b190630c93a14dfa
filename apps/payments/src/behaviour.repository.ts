import type { Behaviour } from '@shop/contracts/payment-provider.ts';
import type { Transaction } from '@shop/database/connection.ts';
import { and, gt, inArray, sql } from 'drizzle-orm';
import { behaviour } from './schema.ts';

export type Mode = Behaviour['mode'];
export type Misbehaviour = { mode: Mode; delayMs: number };

/** The modes of each kind of call. A mode counts only the calls of its own kinds. */
export const modesOf: Record<'capture' | 'refund', Mode[]> = {
  capture: ['slow', 'decline', 'fail', 'timeout-after-capture'],
  refund: ['slow', 'fail'],
};

/** How this call must behave. It uses up one of the calls that are left; concurrent calls never share one. */
export async function takeBehaviour(tx: Transaction, call: 'capture' | 'refund'): Promise<Misbehaviour> {
  const applies = inArray(behaviour.mode, modesOf[call]);
  const columns = { mode: behaviour.mode, delayMs: behaviour.delayMs };
  const [told] = await tx
    .select({ ...columns, calls: behaviour.calls })
    .from(behaviour)
    .where(applies);
  if (told?.calls === null) return told;
  // The update decides, because a concurrent call may have taken the last one.
  const [counted] = told?.calls
    ? await tx
        .update(behaviour)
        .set({ calls: sql`${behaviour.calls} - 1` })
        .where(and(applies, gt(behaviour.calls, 0)))
        .returning(columns)
    : [];
  return counted ?? { mode: 'normal', delayMs: 0 };
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
