import { execa } from 'execa';
import type { FaultFigures } from './figures.ts';

/** What is kept of a run for the matrix. */
export type Result = {
  scenario: string;
  client: string;
  seed: number;
  commit: string;
  /** How long each fault lasted, when that was not what the table says. */
  holdMs?: number | undefined;
  endedAt: string;
  objections: string[];
  figures: FaultFigures[];
};

/** What was run: the commit, and whether there was more than it holds. */
export async function commitOf(): Promise<string> {
  return (await execa('git', ['describe', '--always', '--dirty', '--exclude=*'])).stdout;
}
