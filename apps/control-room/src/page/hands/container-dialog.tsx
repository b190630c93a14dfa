import { useEffect, useRef } from 'react';
import type { ActionOnContainer } from '../../shared/actions.ts';
import type { Seen } from '../../shared/snapshot.ts';
import { Dialog } from '../dialog.tsx';
import { inWords } from '../format.ts';
import { choicesFor, withoutChoice } from './choices.ts';

type Props = {
  container: Seen;
  /** What its place offers. */
  offered: readonly ActionOnContainer[];
  onAction: (action: ActionOnContainer) => void;
  onClose: () => void;
};

/** A container in large, and the buttons that strike it. Closes with Escape, or after a button. */
export function ContainerDialog({ container, offered, onAction, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current!.showModal(), []);
  const choices = choicesFor(container, offered);
  return (
    <Dialog
      ref={dialog}
      title={container.name}
      says={inWords(container).replace(`${container.name}: `, '')}
      onClose={onClose}
    >
      {choices.length === 0 && <p>{withoutChoice(container)}</p>}
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
