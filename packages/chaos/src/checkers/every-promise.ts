import type { Run } from '../scenarios/run.ts';
import { judge } from './judge.ts';

/** Checks a run against every promise. @throws with the objections of all checkers, if there are any. */
export async function everyPromiseIsKept(run: Run): Promise<void> {
  const { objections } = await judge(run);
  if (objections.length > 0) throw new Error(objections.join('\n'));
}
