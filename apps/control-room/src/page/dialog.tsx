import { type ReactNode, type RefObject, useId } from 'react';

type Props = {
  ref: RefObject<HTMLDialogElement | null>;
  title: string;
  /** Below the title. */
  says: string;
  className?: string;
  onClose?: () => void;
  children: ReactNode;
};

/** A dialog with its title and a button that closes it, as Escape does. `showModal()` opens it. */
export function Dialog({ ref, title, says, className = '', onClose, children }: Props) {
  const id = useId();
  return (
    <dialog ref={ref} className={`dialog ${className}`} aria-labelledby={id} onClose={onClose}>
      <header className="flex items-baseline justify-between gap-4">
        <h2 id={id} className="text-2xl">
          {title}
        </h2>
        <form method="dialog">
          <button type="submit" className="button-quiet">
            Close
          </button>
        </form>
      </header>
      <p className="mt-1 mb-4 text-sm text-muted">{says}</p>
      {children}
    </dialog>
  );
}
