import type { Action, Outcome } from '../../shared/actions.ts';
import type { Failover } from '../../shared/shoppers.ts';
import { seconds } from '../verdict/words.ts';

const words: Record<Outcome, string> = {
  doing: 'under way',
  done: 'in effect',
  undoing: 'being taken back',
  undone: 'undone',
  failed: 'failed',
};

const time = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });

type Props = {
  actions: readonly Action[];
  failovers: Failover[];
  /** What the map shows: `container`. */
  noun: string;
  onUndo: (id: number) => void;
};

/** Everything that was done from a page since the server's start, the newest first, each with its undo. */
export function Timeline({ actions, failovers, noun, onUndo }: Props) {
  if (actions.length === 0) {
    return (
      <p className="text-muted">
        Choose a {noun} of the map to strike it. What you do stands here, with its undo.
      </p>
    );
  }
  return (
    <ol className="timeline panel">
      {actions.map(({ id, at, name, isFault, outcome, undoable, error }) => (
        <li key={id} data-outcome={outcome} data-fault={isFault}>
          <time dateTime={new Date(at).toISOString()}>{time.format(at)}</time>
          <span className="min-w-0">
            <strong className="font-semibold">{name}</strong>
            {isFault && (
              <span className="block text-sm text-muted">
                Fault{feltWords(failovers.find(({ faultId }) => faultId === id))}
              </span>
            )}
            {error && <span className="block text-sm text-danger">{error}</span>}
          </span>
          <span className="outcome">{outcome === 'done' && !undoable ? 'done' : words[outcome]}</span>
          {undoable && outcome === 'done' && (
            <button
              type="button"
              className="button-quiet"
              aria-label={`Undo: ${name}`}
              onClick={() => onUndo(id)}
            >
              Undo
            </button>
          )}
        </li>
      ))}
    </ol>
  );
}

/** The verdict knows the faults that struck while shoppers shopped. */
function feltWords(felt: Failover | undefined): string {
  if (!felt) return '';
  if (felt.lengthMs === undefined) return ': no shopper has felt it';
  return `: shoppers ${felt.running ? 'feel' : 'felt'} it for ${seconds(felt.lengthMs)} s`;
}
