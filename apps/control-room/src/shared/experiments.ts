/**
 * A lab, which brings containers of its own; a scenario of the chaos tests, which strikes the shop of the page; or a
 * deployment to that shop.
 */
export interface Experiment {
  kind: 'lab' | 'scenario' | 'deployment';
  /** Only one experiment has it: `05-health`, `kill-primaries`, `deploy`. */
  name: string;
  /** The question of a lab, or the claim of a scenario or a deployment. */
  says: string;
}

/** The experiment that runs, or the last one. */
export interface ExperimentNews {
  experiment: Experiment;
  /** `failed`: a claim does not hold, or it could not be measured. */
  state: 'running' | 'stopping' | 'stopped' | 'passed' | 'failed';
  /** When it began: milliseconds since the epoch. */
  at: number;
  /** What it has printed; the last lines are its result. */
  lines: readonly string[];
}

export const isOver = ({ state }: ExperimentNews) => state !== 'running' && state !== 'stopping';
