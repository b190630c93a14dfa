import type { ExperimentNews } from '../../shared/experiments.ts';

const states: Record<ExperimentNews['state'], string> = {
  running: 'runs',
  stopping: 'puts everything back',
  stopped: 'was stopped',
  passed: 'passed: every claim holds',
  failed: 'did not pass: the last lines say why',
};

const deploymentStates: Record<ExperimentNews['state'], string> = {
  running: 'is under way',
  stopping: 'removes the container that does not serve yet',
  stopped: 'was stopped: it goes on when it is started again',
  passed: 'is done: the version of the folder serves',
  failed: 'did not end: the last lines say why, and the shop goes on serving',
};

/** What becomes of an experiment, in a sentence: `Lab 05-health runs`. */
export function headlineOf({ experiment: { kind, name }, state }: ExperimentNews): string {
  if (kind === 'deployment') return `Deployment ${deploymentStates[state]}`;
  return `${kind === 'lab' ? 'Lab' : 'Scenario'} ${name} ${states[state]}`;
}
