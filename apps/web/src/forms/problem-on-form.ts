import type { FieldValues, Path, UseFormSetError } from 'react-hook-form';
import { isProblem } from '../api/client.ts';

/** Shows the errors of the API's refusal beside the fields that they name, and the rest above the form. */
export function problemOnForm<T extends FieldValues>(error: unknown, setError: UseFormSetError<T>): void {
  const named = isProblem(error) ? (error.problem.errors ?? []) : [];
  for (const { path, message } of named) {
    const field = path.split('/')[2];
    if (path.startsWith('/body/') && field) setError(field as Path<T>, { message });
  }
  if (named.length > 0) return;
  const message = isProblem(error)
    ? error.message
    : 'The shop did not answer. Nothing is lost: you can send this again, it will not be done twice.';
  setError('root', { message });
}
