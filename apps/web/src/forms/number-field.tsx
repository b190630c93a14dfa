import { type ComponentProps, useState } from 'react';
import { type Control, type FieldError, type FieldValues, type Path, useController } from 'react-hook-form';
import { integer, price } from '../components/format.ts';
import { TextField } from './field.tsx';
import { typedNumber, writtenNumber } from './typed-number.ts';

type Props<T extends FieldValues> = {
  control: Control<T>;
  name: Path<T>;
  label: string;
  hint?: string;
  /** Limits of the typed number; the form's own value is the whole number `10 ** fractionDigits` times as large. */
  fractionDigits?: number;
  write?: (formValue: number) => string;
};

/** An error of the schema, in the units that the person typed. */
function messageFor(error: FieldError, fractionDigits: number, write: (formValue: number) => string): string {
  const limit = Number(error.types?.limit);
  switch (error.type) {
    case 'type':
      return fractionDigits > 0
        ? `Please write it like ${writtenNumber(1234.5, fractionDigits)}.`
        : `Please give a whole number, written like ${writtenNumber(1234)}.`;
    case 'minimum':
      return `At least ${write(limit)}, please.`;
    case 'maximum':
      return `At most ${write(limit)}, please.`;
    default:
      return error.message ?? '';
  }
}

/**
 * A number as text, read in the locale of the page. A text that the locale would not write so is refused. When the
 * field is left, the number is written back in full, so that the person sees how it was understood.
 */
export function NumberField<T extends FieldValues>(props: Props<T>) {
  const { control, name, label, hint, fractionDigits = 0, write = integer } = props;
  const { field, fieldState } = useController({ control, name });
  const scale = 10 ** fractionDigits;
  const writeTyped = (formValue: unknown) =>
    typeof formValue === 'number' && Number.isFinite(formValue)
      ? writtenNumber(formValue / scale, fractionDigits)
      : undefined;
  const [typed, setTyped] = useState<{ text: string; value: unknown }>();
  // After a reset the form has another value than the typed one.
  const text = typed && Object.is(typed.value, field.value) ? typed.text : (writeTyped(field.value) ?? '');
  const { error } = fieldState;

  const onChange: ComponentProps<'input'>['onChange'] = ({ target }) => {
    const number = typedNumber(target.value, { fractionDigits });
    const value = number === undefined ? undefined : Math.round(number * scale);
    setTyped({ text: target.value, value });
    field.onChange(value);
  };
  return (
    <TextField
      label={label}
      hint={hint}
      inputMode={fractionDigits > 0 ? 'decimal' : 'numeric'}
      autoComplete="off"
      error={error && { ...error, message: messageFor(error, fractionDigits, write) }}
      ref={field.ref}
      value={text}
      onBlur={() => {
        if (writeTyped(field.value) !== undefined) setTyped(undefined);
        field.onBlur();
      }}
      onChange={onChange}
    />
  );
}

/** Shown in euros, stored in whole cents. */
export const PriceField = <T extends FieldValues>(props: Pick<Props<T>, 'control' | 'name'>) => (
  <NumberField {...props} label="Price in euros" fractionDigits={2} write={price} />
);
