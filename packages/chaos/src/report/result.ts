import { format } from '@lukeed/ms';
import type { FaultFigures } from './figures.ts';

/** The part of a run that the matrix needs. */
export type Result = {
  scenario: string;
  client: string;
  seed: number;
  commit: string;
  /** How long each fault lasted, if that differs from the table. */
  holdMs?: number | undefined;
  endedAt: string;
  objections: string[];
  figures: FaultFigures[];
};

/** The command that repeats the run. */
export function commandOf({ scenario, seed, holdMs }: Pick<Result, 'scenario' | 'seed' | 'holdMs'>): string {
  const duration = holdMs === undefined ? '' : ` --duration ${format(holdMs)}`;
  return `npm run chaos -- ${scenario} --seed ${seed}${duration}`;
}
