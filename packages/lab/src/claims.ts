import type { Bound, Claim, Figures, Lab, Results } from './lab.ts';

/** A claim beside what was measured. */
export type Verdict = { says: string; measured: number; bound: string; holds: boolean; control: boolean };

/** The figures of runs as claims read them. */
export function resultsOf(figures: Map<string, Figures>): Results {
  return {
    of: (run, column) => {
      const value = figures.get(run)?.[column];
      if (value === undefined) throw new Error(`run "${run}" has no figure "${column}"`);
      return value;
    },
  };
}

/**
 * Compares what each claim measures with its bound. The quick form leaves out the claims of the full one alone.
 *
 * @throws when a claim has no bound, or names a run or a column that is not there: such a claim could not fail.
 */
export function judge({ claims }: Pick<Lab, 'claims'>, results: Results, quick: boolean): Verdict[] {
  const judged = claims.filter(({ fullOnly }) => !(quick && fullOnly));
  return judged.map((claim) => verdictOf(claim, claim.of(results), quick));
}

function verdictOf({ says, atLeast, atMost, control }: Claim, measured: number, quick: boolean): Verdict {
  const least = boundOf(atLeast, quick);
  const most = boundOf(atMost, quick);
  if (least === undefined && most === undefined) throw new Error(`the claim "${says}" has no bound`);
  // A figure that is no number (0 ÷ 0, say) keeps no bound.
  const holds =
    Number.isFinite(measured) &&
    (least === undefined || measured >= least) &&
    (most === undefined || measured <= most);
  const bounds = [least !== undefined && `at least ${least}`, most !== undefined && `at most ${most}`];
  return { says, measured, bound: bounds.filter(Boolean).join(', '), holds, control: control === true };
}

function boundOf(bound: Bound | undefined, quick: boolean): number | undefined {
  if (bound === undefined || typeof bound === 'number') return bound;
  return quick ? bound.quick : bound.full;
}
