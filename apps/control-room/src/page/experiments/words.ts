import type { ExperimentNews } from '../../shared/experiments.ts';

const states: Record<ExperimentNews['state'], string> = {
  running: 'runs',
  stopping: 'puts everything back',
  stopped: 'was stopped',
  passed: 'passed: every claim holds',
  failed: 'did not pass: the last lines say why',
};

/** What becomes of an experiment, in a sentence: `Lab 05-health runs`. */
export function headlineOf({ experiment: { kind, name }, state }: ExperimentNews): string {
  return `${kind === 'lab' ? 'Lab' : 'Scenario'} ${name} ${states[state]}`;
}
