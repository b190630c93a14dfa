import type { State } from '../../shared/state.ts';

/** The services that run once, before the others start (docker-compose.yml: `service_completed_successfully`). */
const jobs = new Set(['secrets', 'migrate', 'seed', 'buckets']);

/**
 * The state of a container from the engine's answer.
 *
 * @param state created, running, paused, restarting, exited, dead, removing.
 * @param status the engine's sentence, which has the health or the exit code in parentheses.
 */
export function stateOf({
  service,
  state,
  status,
}: {
  service: string;
  state: string;
  status: string;
}): State {
  if (state === 'paused') return 'paused';
  if (state === 'restarting') return 'restarting';
  if (state === 'running') {
    if (status.includes('(health: starting)')) return 'starting';
    return status.includes('(unhealthy)') ? 'unhealthy' : 'running';
  }
  return jobs.has(service) && status.startsWith('Exited (0)') ? 'done' : 'down';
}
