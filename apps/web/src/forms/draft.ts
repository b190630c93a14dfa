import { useEffect, useRef, useState } from 'react';
import type { FieldValues, Path, PathValue, UseFormReturn } from 'react-hook-form';

/** What was typed into forms and not sent, by the name of the form. In memory: a reload forgets it, and so does a logout. */
const drafts = new Map<string, FieldValues>();

export const hasDraft = (name: string) => drafts.has(name);
export const forgetDrafts = () => drafts.clear();

/**
 * Keeps what was typed while the person is on another page, for instance to log in again, and puts it back.
 *
 * @param name names the form, what it changes and the person: the draft is shown to that person only.
 * @returns a function that drops the draft, to be called when the form was sent or given up.
 */
export function useDraft<T extends FieldValues>(name: string, form: UseFormReturn<T>): () => void {
  const { getValues, setValue } = form;
  const { isDirty } = form.formState;
  // The person's id changes while the form is shown, when the session ends.
  const [first] = useState(name);
  const unsent = useRef(isDirty);
  unsent.current = isDirty;
  useEffect(() => {
    for (const [field, value] of Object.entries(drafts.get(first) ?? {})) {
      setValue(field as Path<T>, value as PathValue<T, Path<T>>, { shouldDirty: true });
    }
    return () => {
      if (unsent.current) drafts.set(first, getValues());
      else drafts.delete(first);
    };
  }, [first, getValues, setValue]);
  return () => {
    unsent.current = false;
  };
}
