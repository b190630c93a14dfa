import type { History, Operation } from './history.ts';

/** Operations as lines of text for a person, with times since the start of the run. */
export function describe({ startedAt: runStartedAt }: History, operations: Operation[], limit = 10): string {
  const lines = operations
    .toSorted((a, b) => a.startedAt - b.startedAt)
    .map((operation) => {
      const { kind, session, startedAt, endedAt, outcome, status, replica, attempts, detail } = operation;
      const at = ((startedAt - runStartedAt) / 1000).toFixed(2);
      const effect =
        operation.order ??
        operation.cart ??
        operation.added ??
        operation.cancelledId ??
        operation.upload ??
        operation.saw;
      return [
        `${at} s ${session} ${kind} ${outcome} ${status} after ${endedAt - startedAt} ms,`,
        `${attempts} attempts, by ${replica || '?'}`,
        effect ? JSON.stringify(effect).slice(0, 300) : '',
        detail ?? '',
      ]
        .filter(Boolean)
        .join(' ');
    });
  const more = lines.length > limit ? [`… and ${lines.length - limit} more`] : [];
  return [...lines.slice(0, limit), ...more].join('\n');
}
