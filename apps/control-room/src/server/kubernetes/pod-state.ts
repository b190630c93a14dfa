import { isReady, type ListedPod } from '@shop/cluster/kubectl.ts';
import type { State } from '../../shared/state.ts';

/** Reasons for which a container waits that has not been made yet. All others are failures. */
const beginnings = ['ContainerCreating', 'PodInitializing'];

/** The state of a pod from what the cluster says of it and of its containers. */
export function stateOf({ metadata, status }: ListedPod): State {
  const { phase, containerStatuses: containers = [] } = status;
  if (metadata.deletionTimestamp) return 'leaving';
  if (phase === 'Succeeded') return 'done';
  if (phase === 'Failed' || containers.some(({ state }) => state.terminated || failure(state))) return 'down';
  if (containers.length === 0 || containers.some(({ state }) => state.waiting)) return 'waiting';
  if (isReady(status)) return 'running';
  return containers.every(({ started }) => started) ? 'unhealthy' : 'starting';
}

/** What the cluster says of a pod that does not run, in its own words; of another, that it is there. */
export function statusOf({ metadata, status }: ListedPod): string {
  const { phase, reason, conditions = [], containerStatuses = [] } = status;
  if (metadata.deletionTimestamp) return 'Terminating';
  const ended = containerStatuses.flatMap(({ state }) => state.terminated ?? []);
  if (ended.length > 0) return `Exited (${ended[0]!.exitCode})`;
  const waiting = containerStatuses.flatMap(({ state }) => state.waiting?.reason ?? []);
  const unscheduled = conditions.find(({ type, status }) => type === 'PodScheduled' && status === 'False');
  return waiting[0] ?? unscheduled?.reason ?? reason ?? phase;
}

const failure = ({ waiting }: { waiting?: { reason?: string } }) =>
  waiting?.reason !== undefined && !beginnings.includes(waiting.reason);
