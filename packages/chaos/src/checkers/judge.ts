import type { Run } from '../scenarios/run.ts';
import { quiesce } from '../topology/quiesce.ts';
import type { Operation } from '../workload/history.ts';
import { effectsHappenOnce } from './effects-happen-once.ts';
import { loginsHold } from './logins-hold.ts';
import { enoughAroundFaults, nothingFailed } from './nothing-failed.ts';
import { type Counts, told } from './objection.ts';
import { everyAcknowledgedOrderExistsOnce, lostAndDoubled } from './orders-exist-once.ts';
import { ownWritesAreRead } from './own-writes-are-read.ts';
import { stockIsConserved } from './stock-conserved.ts';
import { unknownsAreResolved } from './unknowns-are-resolved.ts';
import { uploadsAreIntact } from './uploads-are-intact.ts';

/** The results of all checkers: each promise that was kept, with what was checked, and each objection. */
export type Verdict = { kept: string[]; objections: string[]; lost: Operation[]; doubled: Operation[] };

/** `mayFail`: the shop does not promise to serve through this fault; even so it must lose and double nothing. */
type Expectation = { mayFail?: boolean | undefined };

/** Checks a run against every promise. All checkers run, also after one has objected. */
export async function judge(run: Run, { mayFail = false }: Expectation = {}): Promise<Verdict> {
  const { history, items } = run;
  const kept: string[] = [];
  const objections: string[] = [];
  const ask = async (promise: string, checker: () => Counts | Promise<Counts | number>) => {
    try {
      const found = await checker();
      kept.push(`${promise}: ${told(typeof found === 'number' ? { orders: found } : found)}`);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      console.log(`  ✘ ${message}`);
      objections.push(message);
    }
  };
  if (mayFail) {
    await ask('The run counts', () => ({
      'operations in progress around the fault with the fewest': enoughAroundFaults(history),
    }));
  } else {
    await ask('No operation failed', () => nothingFailed(history));
  }
  await ask('Every unknown outcome was settled by its key', () => unknownsAreResolved(run));
  await ask('Every order had its effects once', () => effectsHappenOnce(items, { history }));
  await quiesce();
  await ask('Every acknowledged order exists once on every node', () =>
    everyAcknowledgedOrderExistsOnce(history, items),
  );
  await ask('Stock was conserved', () => stockIsConserved(items));
  await ask('Every session read its own writes', () => ownWritesAreRead(history, items));
  await ask('Every login held', () => loginsHold(history));
  await ask('Every upload came back byte for byte', () => uploadsAreIntact(run));
  return { kept, objections, ...(await lostAndDoubled(history, items)) };
}
