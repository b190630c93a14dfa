/**
 * What a person calls the state of a container or a pod. `done`: a job that has succeeded and is not meant to run.
 * `waiting`: a pod that waits for a machine, an image or a volume. `leaving`: a pod that drains and is then gone.
 */
export type State =
  | 'running'
  | 'starting'
  | 'unhealthy'
  | 'paused'
  | 'restarting'
  | 'down'
  | 'done'
  | 'waiting'
  | 'leaving';

/** The states in which it does its work. */
export const isWell = (state: State) => state === 'running' || state === 'done';

/** The states that a person does not count as missing: its work is done, or another does it. */
export const isOver = (state: State) => state === 'done' || state === 'leaving';

/** The states in which it has processes: it has a role, uses the machine and may answer. */
export const hasProcesses = (state: State) =>
  ['running', 'starting', 'unhealthy', 'paused', 'leaving'].includes(state);
