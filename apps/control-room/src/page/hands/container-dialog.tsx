import { useEffect, useRef } from 'react';
import type { ActionOnContainer } from '../../shared/actions.ts';
import type { Seen } from '../../shared/snapshot.ts';
import { Dialog } from '../dialog.tsx';
import { inWords } from '../format.ts';

type Choice = { action: ActionOnContainer; label: string; says: string };

/** What can be done to a container that runs; the second list is for one that does not. */
const whileRunning: Choice[] = [
  { action: 'kill', label: 'Kill', says: 'SIGKILL: it can neither finish nor say goodbye' },
  { action: 'stop', label: 'Stop', says: 'SIGTERM: it finishes what it has begun' },
  { action: 'pause', label: 'Pause', says: 'Freezes it: connections stay open, nothing answers' },
  { action: 'cut', label: 'Cut off', says: 'Takes all its networks away while it runs on' },
  { action: 'restart', label: 'Restart', says: 'SIGTERM, then a start' },
];
const otherwise: Record<string, Choice[]> = {
  paused: [{ action: 'start', label: 'Resume', says: 'It goes on where it was frozen' }],
  down: [{ action: 'start', label: 'Start', says: 'It starts again with its data' }],
  done: [],
};

type Props = { container: Seen; onAction: (action: ActionOnContainer) => void; onClose: () => void };

/** A container in large, and the buttons that strike it. Closes with Escape, or after a button. */
export function ContainerDialog({ container, onAction, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current!.showModal(), []);
  const choices = otherwise[container.state] ?? whileRunning;
  return (
    <Dialog
      ref={dialog}
      title={container.name}
      says={inWords(container).replace(`${container.name}: `, '')}
      onClose={onClose}
    >
      {choices.length === 0 && <p>It has done its work and is not meant to run.</p>}
      <ul className="grid gap-2">
        {choices.map(({ action, label, says }) => (
          <li key={action}>
            <button
              type="button"
              className="action-button"
              data-action={action}
              aria-describedby={`says-${action}`}
              onClick={() => {
                onAction(action);
                dialog.current!.close();
              }}
            >
              <strong>{label}</strong>
            </button>
            <span id={`says-${action}`} className="text-sm text-muted">
              {says}
            </span>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
