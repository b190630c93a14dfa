import type { FieldErrors, FieldValues, Resolver } from 'react-hook-form';
import type { Static, TSchema } from 'typebox';
import type { TLocalizedValidationError } from 'typebox/error';
import { Errors } from 'typebox/value';

/** A person's words for what the schema says in a program's. */
function inWords(error: TLocalizedValidationError): string {
  switch (error.keyword) {
    case 'required':
      return 'Please fill this in.';
    case 'minLength':
      return error.params.limit === 1
        ? 'Please fill this in.'
        : `At least ${error.params.limit} characters, please.`;
    case 'maxLength':
      return `At most ${error.params.limit} characters, please.`;
    case 'minimum':
      return `At least ${error.params.limit}, please.`;
    case 'maximum':
      return `At most ${error.params.limit}, please.`;
    case 'format':
      return error.params.format === 'email' ? 'This is not an e-mail address.' : 'This does not look right.';
    case 'type':
      return 'Please give a number.';
    default:
      return 'This does not look right.';
  }
}

/** Checks a form with the very schema that the API checks its call with. Interpreted, not compiled: no `eval` here. */
export const contractResolver =
  <T extends TSchema>(schema: T): Resolver<Static<T> & FieldValues> =>
  (values) => {
    const found: Record<string, { type: string; message: string }> = {};
    for (const error of Errors(schema, values)) {
      const fields =
        error.keyword === 'required'
          ? error.params.requiredProperties
          : [error.instancePath.split('/')[1] ?? 'root'];
      for (const field of fields) found[field] ??= { type: error.keyword, message: inWords(error) };
    }
    const errors = found as FieldErrors<Static<T> & FieldValues>;
    return Object.keys(found).length > 0 ? { values: {}, errors } : { values, errors: {} };
  };
