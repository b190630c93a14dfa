import { normalText, type TextKind, textKeyword } from '@shop/contracts/text.ts';
import type { FieldError, FieldErrors, FieldValues, Resolver } from 'react-hook-form';
import type { Static, TSchema } from 'typebox';
import type { TLocalizedValidationError } from 'typebox/error';
import { Errors } from 'typebox/value';

/** An error of the schema, in words for a person. */
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

/** An error of one field as react-hook-form takes it; `limit` is for fields that show another unit than the form's. */
function toFieldError(error: TLocalizedValidationError, value: unknown): FieldError {
  if (error.keyword === 'type' && value === undefined)
    return { type: 'required', message: 'Please fill this in.' };
  const limit = 'limit' in error.params ? String(error.params.limit) : undefined;
  return { type: error.keyword, message: inWords(error), types: { limit } };
}

/** The normal form of a field's text, or the reason why it has none. A value of another type stays as it is. */
function normalised(schema: TSchema | undefined, value: unknown) {
  const kind = (schema as { [textKeyword]?: TextKind } | undefined)?.[textKeyword];
  return kind && typeof value === 'string' ? normalText(kind, value) : { text: value };
}

/**
 * Checks a form with the very schema that the API checks its call with, texts in their normal form. Interpreted, not
 * compiled: no `eval` here.
 */
export const contractResolver =
  <T extends TSchema & { properties: Record<string, TSchema> }>(
    schema: T,
  ): Resolver<Static<T> & FieldValues> =>
  (typed) => {
    const found: Record<string, FieldError> = {};
    const values = { ...typed };
    for (const [field, value] of Object.entries(typed)) {
      const normal = normalised(schema.properties[field], value);
      if ('refusal' in normal) found[field] = { type: textKeyword, message: `This ${normal.refusal}.` };
      else Object.assign(values, { [field]: normal.text });
    }
    for (const error of Errors(schema, values)) {
      const fields =
        error.keyword === 'required'
          ? error.params.requiredProperties
          : [error.instancePath.split('/')[1] ?? 'root'];
      for (const field of fields) found[field] ??= toFieldError(error, values[field]);
    }
    const errors = found as FieldErrors<Static<T> & FieldValues>;
    return Object.keys(found).length > 0 ? { values: {}, errors } : { values, errors: {} };
  };
