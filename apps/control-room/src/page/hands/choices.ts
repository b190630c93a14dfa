import type { ActionOnContainer } from '../../shared/actions.ts';
import type { Seen } from '../../shared/snapshot.ts';
import type { State } from '../../shared/state.ts';

export type Choice = { action: ActionOnContainer; label: string; says: string };

const deletion: Choice = {
  action: 'delete',
  label: 'Delete',
  says: 'SIGTERM: it finishes what it has begun, and Kubernetes starts another',
};

/** What can be done to a container or a pod that runs; the second list is for one that does not. */
const whileRunning: Choice[] = [
  { action: 'kill', label: 'Kill', says: 'SIGKILL: it can neither finish nor say goodbye' },
  { action: 'stop', label: 'Stop', says: 'SIGTERM: it finishes what it has begun' },
  { action: 'pause', label: 'Pause', says: 'Freezes it: connections stay open, nothing answers' },
  { action: 'cut', label: 'Cut off', says: 'Takes all its networks away while it runs on' },
  { action: 'slow', label: 'Slow down', says: 'A twentieth of a processor: it answers, and late' },
  { action: 'restart', label: 'Restart', says: 'SIGTERM, then a start' },
  deletion,
];
const otherwise: Partial<Record<State, Choice[]>> = {
  paused: [{ action: 'start', label: 'Resume', says: 'It goes on where it was frozen' }],
  down: [{ action: 'start', label: 'Start', says: 'It starts again with its data' }, deletion],
  waiting: [deletion],
  done: [],
  leaving: [],
};

/** Those that its place offers. */
export const choicesFor = ({ state }: Pick<Seen, 'state'>, offered: readonly ActionOnContainer[]): Choice[] =>
  (otherwise[state] ?? whileRunning).filter(({ action }) => offered.includes(action));

/** Why there is no choice. */
export const withoutChoice = ({ state }: Pick<Seen, 'state'>): string =>
  state === 'leaving'
    ? 'It finishes what it has begun, and is then gone.'
    : 'It has done its work and is not meant to run.';
