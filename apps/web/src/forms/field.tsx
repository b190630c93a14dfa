import { type ComponentProps, type ReactNode, useId } from 'react';
import type { FieldError } from 'react-hook-form';

type Common = { label: string; hint?: ReactNode; error?: FieldError };

function Frame({ id, label, hint, error, children }: Common & { id: string; children: ReactNode }) {
  return (
    <div>
      <label htmlFor={id} className="mb-1.5 block font-semibold">
        {label}
      </label>
      {children}
      {hint && !error && (
        <p id={`${id}-hint`} className="mt-1.5 text-sm text-muted">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className="mt-1.5 text-sm text-danger">
          {error.message}
        </p>
      )}
    </div>
  );
}

const described = (id: string, { hint, error }: Common) => ({
  id,
  'aria-invalid': Boolean(error),
  'aria-describedby': error ? `${id}-error` : hint ? `${id}-hint` : undefined,
});

/** An input with its label, hint and error, connected for screen readers. */
export function TextField({ label, hint, error, ...input }: Common & ComponentProps<'input'>) {
  const id = useId();
  return (
    <Frame {...{ id, label, hint, error }}>
      <input {...input} {...described(id, { label, hint, error })} className="field" />
    </Frame>
  );
}

export function TextArea({ label, hint, error, ...input }: Common & ComponentProps<'textarea'>) {
  const id = useId();
  return (
    <Frame {...{ id, label, hint, error }}>
      <textarea rows={5} {...input} {...described(id, { label, hint, error })} className="field" />
    </Frame>
  );
}

/** An error of the whole form; announced at once. */
export function FormError({ children }: { children: ReactNode }) {
  return (
    <div role="alert">
      {children && <p className="rounded-2xl bg-danger/10 px-4 py-3 text-danger">{children}</p>}
    </div>
  );
}
