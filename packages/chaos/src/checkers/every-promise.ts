import type { Run } from '../scenarios/run.ts';
import { judge } from './judge.ts';

/** 40 operations a second for four seconds are 160. */
const minimumAroundFault = 100;

/** Holds a run against every promise. @throws with the objections of all checkers, if any has one. */
export async function everyPromiseIsKept(run: Run): Promise<void> {
  const { objections } = await judge(run, { minimumAroundFault });
  if (objections.length > 0) throw new Error(objections.join('\n'));
}
