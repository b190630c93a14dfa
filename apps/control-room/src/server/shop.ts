import type { AppOptions } from './app.ts';
import type { Questions, usualPauses } from './watch.ts';

/** A shop as the control room meets it, under compose or on a cluster. */
export interface Shop
  extends Pick<AppOptions, 'place' | 'hands' | 'charts' | 'statements' | 'traces' | 'experiments'> {
  questions: Questions;
  /** Those that differ from the usual ones. */
  pauses?: Partial<typeof usualPauses>;
  /** The origins to which shoppers go; none where there are no shoppers. */
  edges: string[];
}
