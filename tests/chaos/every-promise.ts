import { expect } from '@playwright/test';
import { judge } from './checkers/judge.ts';
import type { Run } from './run.ts';

/** 40 operations a second for four seconds are 160. */
const minimumAroundFault = 100;

/** Asks every checker, and fails with what they object to. */
export async function everyPromiseIsKept(run: Run): Promise<void> {
  const { objections } = await judge(run, { minimumAroundFault });
  expect(objections).toEqual([]);
}
