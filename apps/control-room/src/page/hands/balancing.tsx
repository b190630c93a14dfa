import { type BalancingMethod, balancingMethods } from '@shop/docker/balancing-methods.ts';
import { useRef } from 'react';
import { Dialog } from '../dialog.tsx';

type Props = {
  /** The method of each edge; absent while an edge does not answer. */
  present: string[] | undefined;
  onBalance: (method: BalancingMethod) => void;
};

/** How the edges choose an API replica, and a dialog with the other methods. */
export function Balancing({ present, onBalance }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  // Two while one edge has changed and the other not yet.
  const names = [...new Set(present)];
  return (
    <div className="flex items-center gap-2">
      <span className="text-sm text-muted" id="balancing">
        Balancing
      </span>
      <button
        type="button"
        className="button-quiet"
        id="balancing-now"
        aria-labelledby="balancing balancing-now"
        aria-haspopup="dialog"
        onClick={() => dialog.current!.showModal()}
      >
        {names.map(inWords).join(' and ') || 'unknown'}
      </button>
      <Dialog
        ref={dialog}
        title="Balancing"
        says="How both edges choose the API replica for a request. They change one after the other, and no request fails."
        className="balancing"
      >
        <ul className="grid gap-2">
          {(Object.keys(balancingMethods) as BalancingMethod[]).map((method) => (
            <li key={method}>
              <button
                type="button"
                className="action-button"
                aria-pressed={names.join() === method}
                aria-describedby={`says-${method}`}
                onClick={() => {
                  onBalance(method);
                  dialog.current!.close();
                }}
              >
                <strong className="inline-block first-letter:uppercase">{inWords(method)}</strong>
              </button>
              <span id={`says-${method}`} className="text-sm text-muted">
                {balancingMethods[method]}
              </span>
            </li>
          ))}
        </ul>
      </Dialog>
    </div>
  );
}

/** `round-robin` is `round robin`. */
const inWords = (method: string) => method.replaceAll('-', ' ').replace(/^ip\b/, 'IP');
